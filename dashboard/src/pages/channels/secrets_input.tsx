import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";

import { CopyButton } from "../../common/copy";
import type { FieldInputProps } from "../../common/field_input";
import { Name } from "../../common/name";
import { newSecret } from "../../common/secret";
import { entriesOf, secretsOf, toList, type Secret } from "./secrets";
import { useParts } from "./use_parts";
import classes from "./channels.module.css";

/**
 * Who may open a session. Secrets of the server never come out: one can be replaced, not read.
 * `before` is the list as the server has it.
 */
export function SecretsInput(props: FieldInputProps & { before: unknown }) {
  const { field, value, onChange, id, describedBy } = props;
  const noun = field.name === "keys" ? "key" : "user";
  const before = secretsOf(field.name, props.before).map((each) => each.name);
  const known = new Set(before);
  const [entries, setEntries] = useParts(
    value,
    (now) => entriesOf(field.name, now, known),
    (now) => toList(field.name, now, noun),
    onChange,
  );
  const change = (index: number, next: Secret) =>
    setEntries(entries.map((each, at) => (at === index ? next : each)));
  const here = new Set(entries.map((each) => each.name));
  const gone = before.filter((name) => !here.has(name));
  const title = noun === "key" ? "Key" : "User";

  return (
    <div id={id} role="group" aria-label={props.label} aria-describedby={describedBy}>
      {entries.length === 0 && (
        <p className={classes.nobody}>Nobody can open a session: add a {noun}.</p>
      )}
      <ul className={classes.secrets}>
        {entries.map((entry, index) => (
          <li key={entry.isNew ? `new ${index}` : entry.name} className={classes.secret}>
            <Entry
              entry={entry}
              title={title}
              onChange={(next) => change(index, next)}
              onRemove={() => setEntries(entries.filter((_, at) => at !== index))}
            />
          </li>
        ))}
        {gone.map((name) => (
          <li key={`gone ${name}`} className={classes.secret}>
            <div className={classes.secretTop}>
              <span className={classes.gone}>
                <Name of={name} />
              </span>
              <span className="bad">removed when it is saved</span>
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Keep ${name}`}
                onClick={() => setEntries([...entries, { name }])}
              >
                Keep
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => setEntries([...entries, { name: "", secret: "", isNew: true }])}
      >
        Add a {noun}
      </Button>
    </div>
  );
}

function Entry(props: {
  entry: Secret;
  title: string;
  onChange: (next: Secret) => void;
  onRemove: () => void;
}) {
  const { entry, title, onChange } = props;
  const called = entry.name || `new ${title.toLowerCase()}`;
  const replaces = !entry.isNew && entry.secret !== undefined;
  return (
    <>
      <div className={classes.secretTop}>
        {entry.isNew ? (
          <TextInput
            aria-label={`${title} name`}
            placeholder={`${title} name`}
            value={entry.name}
            onChange={(event) => onChange({ ...entry, name: event.currentTarget.value })}
            autoComplete="off"
            spellCheck={false}
            className={classes.grow}
          />
        ) : (
          <>
            <strong className={classes.grow}>
              <Name of={entry.name} />
            </strong>
            {replaces ? (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Keep the secret of ${called}`}
                onClick={() => onChange({ name: entry.name })}
              >
                Keep the old
              </Button>
            ) : (
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={`Replace the secret of ${called}`}
                onClick={() => onChange({ ...entry, secret: "" })}
              >
                Replace
              </Button>
            )}
          </>
        )}
        <Button
          variant="subtle"
          color="red"
          size="compact-xs"
          aria-label={`Remove ${called}`}
          onClick={props.onRemove}
        >
          Remove
        </Button>
      </div>
      {(entry.isNew || replaces) && (
        <SecretText
          called={called}
          label={title === "Key" ? "Key" : "Secret"}
          value={entry.secret ?? ""}
          onChange={(secret) => onChange({ ...entry, secret })}
        />
      )}
    </>
  );
}

function SecretText(props: {
  called: string;
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  const [shown, setShown] = useState(false);
  const [made, setMade] = useState("");
  return (
    <>
      <div className={classes.secretTop}>
        <PasswordInput
          aria-label={`${props.label} of ${props.called}`}
          placeholder={props.label}
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
          visible={shown}
          onVisibilityChange={setShown}
          visibilityToggleButtonProps={{ "aria-label": shown ? "Hide it" : "Show it" }}
          autoComplete="new-password"
          spellCheck={false}
          className={classes.grow}
        />
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`Generate the ${props.label.toLowerCase()} of ${props.called}`}
          onClick={() => {
            const secret = newSecret();
            setMade(secret);
            setShown(true);
            props.onChange(secret);
          }}
        >
          Generate
        </Button>
      </div>
      {made !== "" && made === props.value && (
        <div className={classes.madeSecret}>
          <span>Keep it now: once this is saved it is never shown again.</span>
          <CopyButton text={made} label={`Copy ${props.label.toLowerCase()}`} size="compact-xs" />
        </div>
      )}
    </>
  );
}
