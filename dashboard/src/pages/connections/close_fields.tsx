import { Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";

import type { Problem } from "../../api/problem";
import { byteCount, closeReason, reasonRoom, type Advice } from "../../common/close_reason";
import { plural } from "../../common/format";

/** How clients are told to go, and when to come back. */
export interface CloseForm {
  code: number | string;
  reason: string;
  advice: "none" | "retry" | "never" | "to";
  least: number | string;
  most: number | string;
  to: string;
}

export const usualClose: CloseForm = {
  code: 4005,
  reason: "",
  advice: "none",
  least: 1,
  most: 30,
  to: "",
};

const advices = [
  { value: "none", label: "No advice: as the client was made" },
  { value: "retry", label: "Come back after a while" },
  { value: "never", label: "Do not come back" },
  { value: "to", label: "Come back elsewhere" },
];

/** The form as the endpoint takes it. */
export function closeBody(form: CloseForm): Record<string, unknown> {
  const body: Record<string, unknown> = { code: form.code === "" ? undefined : form.code };
  if (form.reason) body.reason = form.reason;
  if (form.advice === "never") body.retry = null;
  if (form.advice === "retry") body.retry = [Number(form.least), Number(form.most)];
  if (form.advice === "to") body.to = form.to;
  return body;
}

function adviceOf(form: CloseForm): Advice {
  const { retry, to } = closeBody({ ...form, reason: "" }) as Advice;
  return { retry, to };
}

/** What is wrong with the form, by its field, before anybody is asked. */
export function closeFaults(form: CloseForm): Record<string, string> {
  const out: Record<string, string> = {};
  const code = Number(form.code);
  if (form.code !== "" && code !== 1000 && code !== 1001 && !(code >= 4000 && code <= 4999))
    out.code = "1000, 1001, or from 4000 to 4999";
  if (
    form.advice === "retry" &&
    !(Number(form.least) >= 0 && Number(form.most) >= Number(form.least))
  )
    out.retry = "The most is at least the least";
  const room = reasonRoom - byteCount(closeReason(form.reason, adviceOf(form)));
  if (room < 0) out.reason = `${plural(-room, "byte")} too many for a Close`;
  if (form.advice === "to" && !/^(wss?|https?):\/\/./.test(form.to))
    out.to = "A URL that begins with ws://, wss://, http:// or https://";
  return out;
}

export function CloseFields(props: {
  form: CloseForm;
  onChange: (form: CloseForm) => void;
  problem?: Problem;
}) {
  const { form, onChange, problem } = props;
  const set = (changes: Partial<CloseForm>) => onChange({ ...form, ...changes });
  const faults = closeFaults(form);
  const fault = (name: string) =>
    faults[name] ?? (problem?.field === name ? problem.message : undefined);
  return (
    <Stack gap="sm">
      <Group align="flex-start" grow preventGrowOverflow={false} wrap="wrap">
        <NumberInput
          label="Code"
          description="4005: closed by an administrator"
          value={form.code}
          onChange={(code) => set({ code })}
          error={fault("code")}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          w="10rem"
        />
        <TextInput
          label="Reason"
          description="What the clients are told; 123 bytes with the advice"
          value={form.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
          error={fault("reason")}
        />
      </Group>
      <Select
        label="Advice"
        data={advices}
        value={form.advice}
        allowDeselect={false}
        onChange={(advice) => set({ advice: (advice ?? "none") as CloseForm["advice"] })}
      />
      {form.advice === "retry" && (
        <Group grow align="flex-start">
          <NumberInput
            label="Not before, in seconds"
            value={form.least}
            onChange={(least) => set({ least })}
            error={fault("retry")}
            min={0}
          />
          <NumberInput
            label="At the latest, in seconds"
            value={form.most}
            onChange={(most) => set({ most })}
            min={0}
          />
        </Group>
      )}
      {form.advice === "to" && (
        <TextInput
          label="Where to"
          placeholder="wss://other.example/channel"
          value={form.to}
          onChange={(event) => set({ to: event.currentTarget.value })}
          error={form.to === "" ? undefined : fault("to")}
        />
      )}
    </Stack>
  );
}
