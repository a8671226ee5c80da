import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { ErrorLine } from "./states";

/** A question before something that hurts: it names what it hurts. */
export interface Question {
  title: string;
  /** What will happen, and to whom. */
  text: ReactNode;
  /** The word on the button, such as "Delete channel". */
  verb: string;
  /** Red, and not what Enter does. */
  hurts?: boolean;
  /** Done while the question is open; an error is shown in it. */
  act: () => Promise<unknown>;
}

/** `ask(question)` opens the dialog; `dialog` stands somewhere in the page. */
export function useConfirm(): { ask: (question: Question) => void; dialog: ReactNode } {
  const [question, setQuestion] = useState<Question>();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const ask = (next: Question) => {
    setQuestion(next);
    setError(undefined);
    setBusy(false);
    setOpen(true);
  };
  const act = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await question?.act();
      setOpen(false);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  const dialog = (
    <Modal opened={open} onClose={() => !busy && setOpen(false)} title={question?.title}>
      <Stack gap="md">
        <div style={{ overflowWrap: "anywhere" }}>{question?.text}</div>
        <ErrorLine error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setOpen(false)} disabled={busy} data-autofocus>
            Cancel
          </Button>
          <Button
            color={question?.hurts ? "red" : undefined}
            loading={busy}
            onClick={() => void act()}
          >
            {question?.verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
  return { ask, dialog };
}
