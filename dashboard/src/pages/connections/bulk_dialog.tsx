import { Button, Group, Input, Modal, NumberInput, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { call, get } from "../../api/client";
import { Problem } from "../../api/problem";
import type { Connection, List, Operation } from "../../api/types";
import { count, plural } from "../../common/format";
import { JsonEditor, jsonFault } from "../../common/json_editor";
import { ErrorLine, Loading } from "../../common/states";
import type { BulkVerb } from "./bulk_menu";
import { CloseFields, closeBody, closeFaults, usualClose } from "./close_fields";
import { Matched } from "./matched";

const words = {
  close: { title: "Close connections", verb: "Close" },
  invoke: { title: "Call clients", verb: "Call" },
  broadcast: { title: "Message clients", verb: "Message" },
} as const;

const namesShown = 5;

/** What will be done to many, tried first: how many it hits and who the first of them are. */
export function BulkDialog(props: {
  verb: BulkVerb;
  selector: string;
  onClose: () => void;
  onStarted: (operation: string) => void;
}) {
  const { verb, selector } = props;
  const [close, setClose] = useState(usualClose);
  const [data, setData] = useState("{}");
  const [timeout, setTimeout] = useState<number | string>(5);
  const [pace, setPace] = useState<number | string>("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const path = `/connections:${verb}`;

  const trial = useQuery({
    queryKey: ["dry run", verb, selector],
    queryFn: async ({ signal }) => {
      const [dry, first] = await Promise.all([
        call<Operation>("POST", path, { body: { selector, dry_run: true }, signal }),
        get<List<Connection>>(
          "/connections",
          { selector, limit: namesShown, fields: "id,client_id,client_name", sort: "client_id" },
          signal,
        ),
      ]);
      return { matched: dry.matched, first: first.items };
    },
    gcTime: 0,
    staleTime: Infinity,
  });
  const matched = trial.data?.matched ?? 0;

  const fault = verb !== "close" ? jsonFault(data) : undefined;
  const ready =
    trial.isSuccess &&
    !trial.isFetching &&
    matched > 0 &&
    !fault &&
    (verb !== "close" || Object.keys(closeFaults(close)).length === 0);

  const act = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setError(undefined);
    const body: Record<string, unknown> = { selector, max: matched };
    if (pace !== "") body.pace = Number(pace);
    if (verb === "close") Object.assign(body, closeBody(close));
    else if (data.trim()) body.data = JSON.parse(data);
    if (verb === "invoke" && timeout !== "") body.timeout = Number(timeout);
    try {
      props.onStarted((await call<Operation>("POST", path, { body })).id);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const more = error instanceof Problem && error.status === 409;
  const { title, verb: word } = words[verb];
  return (
    <Modal opened onClose={() => !busy && props.onClose()} title={title} size="lg">
      <Stack gap="md">
        {trial.isPending ? (
          <Loading what="Finding out whom it would hit" />
        ) : trial.data ? (
          <Matched {...trial.data} selector={selector} />
        ) : null}
        <ErrorLine error={trial.error} />
        {verb === "close" ? (
          <CloseFields
            form={close}
            onChange={setClose}
            problem={error instanceof Problem ? error : undefined}
          />
        ) : (
          <div>
            <Input.Label component="div" mb={4}>
              Data, as JSON
            </Input.Label>
            <JsonEditor
              label="Data, as JSON"
              value={data}
              onChange={setData}
              onSubmit={() => void act()}
              minLines={5}
              maxLines={14}
            />
          </div>
        )}
        <Group align="flex-start" grow>
          {verb === "invoke" && (
            <NumberInput
              label="Timeout"
              description="Seconds to wait for each answer"
              value={timeout}
              onChange={setTimeout}
              min={0.001}
              max={3600}
              error={error instanceof Problem && error.field === "timeout" ? error.message : null}
            />
          )}
          <NumberInput
            label="Pace"
            description="Connections a second; empty: as fast as they take it"
            value={pace}
            onChange={setPace}
            min={0.1}
            max={1_000_000}
            error={error instanceof Problem && error.field === "pace" ? error.message : null}
          />
        </Group>
        <ErrorLine error={error} />
        <Group justify="flex-end">
          {more && (
            <Button
              variant="subtle"
              onClick={() => {
                setError(undefined);
                void trial.refetch();
              }}
            >
              Count again
            </Button>
          )}
          <Button variant="default" onClick={props.onClose} disabled={busy} data-autofocus>
            Cancel
          </Button>
          <Button
            color={verb === "close" ? "red" : undefined}
            loading={busy}
            disabled={!ready}
            onClick={() => void act()}
          >
            {trial.data
              ? `${word} ${plural(matched, verb === "close" ? "connection" : "client")}`
              : `${word} ${count(undefined)}`}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
