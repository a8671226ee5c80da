import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";

import { newSecret } from "../../common/secret";
import classes from "./accounts.module.css";

/** A new password; one that is generated can be seen at once. */
export function PasswordField(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  error?: string;
}) {
  const [shown, setShown] = useState(false);
  return (
    <div className={classes.password}>
      <PasswordInput
        label={props.label}
        description="8 to 1024 bytes; only a hash of it is kept"
        autoComplete="new-password"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        visible={shown}
        onVisibilityChange={setShown}
        visibilityToggleButtonProps={{ "aria-label": shown ? "Hide it" : "Show it" }}
        error={props.error}
      />
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={() => {
          props.onChange(newSecret(15));
          setShown(true);
        }}
      >
        Generate a password
      </Button>
    </div>
  );
}
