import { TextInput } from "@mantine/core";
import { useState } from "react";

import { call, resumeSession, segment } from "../../api/client";
import { useSession, type Role } from "../../api/session";
import type { User } from "../../api/types";
import { Name } from "../../common/name";
import { FormDialog } from "./form_dialog";
import { PasswordField } from "./password_field";
import { RoleChoice } from "./role_choice";
import { passwordFault, usernameFault } from "./rules";
import classes from "./accounts.module.css";

/** `onDone` gets what is to be said about it. */
interface DialogProps {
  onClose: () => void;
  onDone: (said: string) => void;
}

export function CreateUser({ onClose, onDone }: DialogProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const nameFault = usernameFault(username);
  const secretFault = passwordFault(password);
  return (
    <FormDialog
      title="Create a user"
      verb="Create user"
      ready={!nameFault && !secretFault}
      onClose={onClose}
      act={async () => {
        await call("POST", "/users", { body: { username, password, role } });
        onDone(`User ${username} has been created`);
      }}
    >
      <TextInput
        label="User name"
        description="To sign in with; it never changes"
        autoComplete="off"
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={username ? nameFault : undefined}
        data-autofocus
      />
      <PasswordField
        label="Password"
        value={password}
        onChange={setPassword}
        error={password ? secretFault : undefined}
      />
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
}

export function ChangeRole({ user, onClose, onDone }: DialogProps & { user: User }) {
  const before = user.role as Role;
  const [role, setRole] = useState<Role>(before);
  const self = useSession().who?.username === user.username;
  return (
    <FormDialog
      title={
        <>
          Change the role of <Name of={user.username} />
        </>
      }
      verb="Change role"
      ready={role !== before}
      onClose={onClose}
      act={async () => {
        await call("PATCH", `/users/${segment(user.username)}`, { body: { role } });
        // What this page shows is another's from now on.
        if (self) await resumeSession();
        onDone(`${user.username} is ${role} now`);
      }}
    >
      <RoleChoice value={role} onChange={setRole} />
      {self && role !== before && (
        <p className={classes.caution}>
          This is you: at once you can do no more than a {role} may, and another administrator has
          to undo it.
        </p>
      )}
    </FormDialog>
  );
}

export function ChangePassword({ user, onClose, onDone }: DialogProps & { user: User }) {
  const [password, setPassword] = useState("");
  const self = useSession().who?.username === user.username;
  const fault = passwordFault(password);
  return (
    <FormDialog
      title={
        <>
          Change the password of <Name of={user.username} />
        </>
      }
      verb="Change password"
      ready={!fault}
      onClose={onClose}
      act={async () => {
        await call("PATCH", `/users/${segment(user.username)}`, { body: { password } });
        onDone(`The password of ${user.username} has been changed`);
      }}
    >
      <PasswordField
        label="New password"
        value={password}
        onChange={setPassword}
        error={password ? fault : undefined}
      />
      <p className={classes.caution}>
        {self
          ? "This is you: all your sessions end, this one too, and you sign in with the new password."
          : "All sessions of this user end; they sign in with the new password."}
      </p>
    </FormDialog>
  );
}
