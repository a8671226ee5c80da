import { Button, Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import { signIn } from "../api/client";
import { useSession } from "../api/session";
import { ErrorLine } from "../common/states";
import classes from "./sign_in.module.css";

function SignInForm(props: { username?: string; about?: string }) {
  const [username, setUsername] = useState(props.username ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!username || !password) {
      setError(new Error("Both the user name and the password are needed"));
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      await signIn(username, password);
    } catch (failure) {
      setError(failure);
      setPassword("");
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {props.about && <div className="dim">{props.about}</div>}
        <TextInput
          label="User name"
          name="username"
          autoComplete="username"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          data-autofocus={!props.username || undefined}
          autoFocus={!props.username}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus={props.username ? true : undefined}
          autoFocus={Boolean(props.username)}
        />
        <ErrorLine error={error} />
        <Button type="submit" loading={busy} fullWidth mt={4}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** The first page of whoever is not signed in. */
export function SignInPage() {
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <h1 className={classes.title}>Muster</h1>
        <SignInForm />
        <p className={`dim ${classes.hint}`}>
          The first user is made on the server:{" "}
          <code className="mono">muster users add NAME --role admin</code>
        </p>
      </div>
    </main>
  );
}

/** Over the page of somebody whose session has ended; the page stays as it is. */
export function SignInAgain() {
  const { phase, who } = useSession();
  return (
    <Modal
      opened={phase === "expired"}
      onClose={() => {}}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      // Whatever is open, a form in a dialog as well, stands behind it.
      zIndex={1000}
      title="Sign in again"
    >
      <SignInForm
        username={who?.username}
        about="Your session has ended. The page behind this stays as it is, with everything that was typed."
      />
    </Modal>
  );
}
