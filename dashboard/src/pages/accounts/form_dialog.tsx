import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";

import { ErrorLine } from "../../common/states";

/** A small form in a dialog: it stays open, with what was typed, until it is done or cancelled. */
export function FormDialog(props: {
  title: ReactNode;
  /** The word on the button. */
  verb: string;
  /** False while something in the form is at fault. */
  ready: boolean;
  act: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!props.ready) return;
    setBusy(true);
    setError(undefined);
    try {
      await props.act();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={() => !busy && props.onClose()}
      closeOnClickOutside={false}
      title={props.title}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {props.children}
          <ErrorLine error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose} disabled={busy}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!props.ready}>
              {props.verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
