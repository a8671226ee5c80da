import { UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useId, useState, type ReactNode } from "react";

import { FieldForm, type FieldFormProps } from "../../common/field_form";
import {
  fieldOf,
  same,
  type Field,
  type FieldForm as Form,
  type Values,
} from "../../common/fields";
import { ChoiceInput } from "./choice_input";
import { applies, grouped, type Group } from "./groups";
import { LogInput, RateInput } from "./object_inputs";
import { PermissionsInput } from "./permissions_input";
import { SecretsInput } from "./secrets_input";
import classes from "./channels.module.css";

const secrets = ["credentials", "keys"];

/** The fields of a channel in their groups, the rare ones folded. */
export function ChannelForm(props: {
  form: Form;
  /** The channel as the server has it; absent: a new one. */
  before?: Values;
  problem: unknown;
  /** Problems are shown of fields, too, that nobody has touched. */
  tried: boolean;
}) {
  const { form, before, problem, tried } = props;
  const custom: FieldFormProps["custom"] = {
    security: ChoiceInput,
    slow_consumer: ChoiceInput,
    duplicate_client_id: ChoiceInput,
    credentials: (field) => <SecretsInput {...field} before={before?.credentials} />,
    keys: (field) => <SecretsInput {...field} before={before?.keys} />,
    permissions: (field) => <PermissionsInput {...field} />,
    rate_limit: (field) => <RateInput {...field} />,
    message_log: (field) => <LogInput {...field} />,
  };
  const faulty = new Set(Object.keys(form.faults));
  const blamed = fieldOf(problem);
  if (blamed) faulty.add(blamed);
  const shown = form.fields.filter((each) => applies(each.name, form.values));
  return (
    <>
      {grouped(shown).map((group) => (
        <Section
          key={group.title}
          group={group}
          usual={group.fields.every((each) => same(form.values[each.name], each.default))}
          faulty={group.fields.some((each) => faulty.has(each.name))}
        >
          <FieldForm
            form={{ ...form, fields: group.fields }}
            problem={problem}
            tried={tried}
            custom={custom}
            plain={secrets}
          />
        </Section>
      ))}
    </>
  );
}

function Section(props: {
  group: Group & { fields: Field[] };
  /** Everything in it is as it is by default. */
  usual: boolean;
  faulty: boolean;
  children: ReactNode;
}) {
  const { group, usual, faulty } = props;
  const [chosen, setChosen] = useState<boolean>();
  // What was open at the start stays so while one types in it.
  const [first] = useState(!usual);
  const id = useId();
  const open = !group.rare || faulty || (chosen ?? first);
  return (
    <section className={classes.section} aria-labelledby={`${id}-title`}>
      <h2 className={classes.sectionTitle} id={`${id}-title`}>
        {group.rare ? (
          <UnstyledButton
            className={classes.fold}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={() => setChosen(!open)}
          >
            {open ? (
              <IconChevronDown size={16} aria-hidden />
            ) : (
              <IconChevronRight size={16} aria-hidden />
            )}
            {group.title}
            {!open && (
              <span className={classes.foldNote}>
                {usual ? "as usual" : "not as usual"}
                {group.about ? `: ${group.about}` : ""}
              </span>
            )}
          </UnstyledButton>
        ) : (
          group.title
        )}
      </h2>
      {open && (
        <div id={id} className={classes.sectionBody}>
          {props.children}
        </div>
      )}
    </section>
  );
}
