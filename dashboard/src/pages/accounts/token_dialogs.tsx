import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";

import { call } from "../../api/client";
import type { Role } from "../../api/session";
import type { TokenCreated } from "../../api/types";
import { CopyButton } from "../../common/copy";
import { Name } from "../../common/name";
import { FormDialog } from "./form_dialog";
import { RoleChoice } from "./role_choice";
import { tokenNameFault } from "./rules";
import classes from "./accounts.module.css";

export function CreateToken(props: { onClose: () => void; onDone: (made: TokenCreated) => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const fault = tokenNameFault(name);
  return (
    <FormDialog
      title="Create an API token"
      verb="Create token"
      ready={!fault}
      onClose={props.onClose}
      act={async () =>
        props.onDone(await call<TokenCreated>("POST", "/tokens", { body: { name, role } }))
      }
    >
      <TextInput
        label="Name"
        description="What the token is for, such as the program that will use it"
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={name ? fault : undefined}
        data-autofocus
      />
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}

/** The token itself, this once. A click beside it does not take it away. */
export function ShowToken(props: { made: TokenCreated; onClose: () => void }) {
  const { made } = props;
  return (
    <Modal
      opened
      onClose={props.onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      title={
        <>
          Token <Name of={made.name} />
        </>
      }
    >
      <Stack gap="md">
        <p className={classes.caution}>
          <strong>This is the only time that it is shown.</strong> Keep it now: the server has a
          hash of it and cannot show it again.
        </p>
        <code
          className={`mono ${classes.token}`}
          aria-label="The token"
          role="textbox"
          tabIndex={0}
        >
          {made.token}
        </code>
        <div className="dim">
          Programs send it as <code className="mono">Authorization: Bearer TOKEN</code>, the command
          line takes it from <code className="mono">MUSTER_TOKEN</code>. Its role is {made.role}.
        </div>
        <Group justify="flex-end">
          <CopyButton text={made.token} label="Copy token" />
          <Button onClick={props.onClose}>I have kept it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
