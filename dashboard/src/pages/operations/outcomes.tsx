import { Modal } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "wouter";

import type { Operation, Outcome } from "../../api/types";
import { CopyButton } from "../../common/copy";
import { count, millis } from "../../common/format";
import { JsonEditor, pretty } from "../../common/json_editor";
import { Name } from "../../common/name";
import { Panel } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { useRoom } from "../../common/room";
import { Empty } from "../../common/states";
import { DataTable, type Column } from "../../common/table";
import { Time } from "../../common/time";
import { to } from "../../shell/routes";
import { aboutOutcome } from "../connection/outcomes";
import { countOutcomes } from "./counting";
import classes from "./operation.module.css";

/** The start of what a client said, in one line. */
function glimpse(row: Outcome): string {
  if (row.detail) return row.detail;
  return row.data === null || row.data === undefined ? "" : JSON.stringify(row.data).slice(0, 400);
}

/** Of a dry run there is no more to say than which connections they are. */
const dryColumns = ["connection"];

function columnsOf(verb: string): Array<Column<Outcome>> {
  return [
    {
      id: "connection",
      title: "Connection",
      width: "minmax(9rem, 1fr)",
      cell: (row) => (
        <Link href={to.connection(row.connection_id)}>
          <Name of={row.connection_id} mono />
        </Link>
      ),
    },
    {
      id: "outcome",
      title: "Outcome",
      width: "9.5rem",
      cell: (row) => {
        const about = aboutOutcome(verb, row.outcome);
        return (
          <span className={about.tone} title={about.text}>
            {about.title}
          </span>
        );
      },
    },
    {
      id: "ms",
      title: "Took",
      width: "6rem",
      align: "end",
      from: 480,
      cell: (row) => millis(row.ms),
    },
    {
      id: "at",
      title: verb === "invoke" ? "Sent" : "At",
      width: "9.5rem",
      from: 640,
      cell: (row) => <Time at={row.at} short />,
    },
    {
      id: "data",
      title: "Answer",
      width: "minmax(9rem, 2fr)",
      from: 760,
      cell: (row) => <Name of={glimpse(row)} mono empty="" />,
    },
  ];
}

/** What came of each connection: counted, filtered by the outcome, listed. */
export function Outcomes({ operation }: { operation: Operation }) {
  const { outcomes, verb } = operation;
  const [only, setOnly] = useQueryState("outcome");
  const [opened, open] = useState<Outcome>();
  const kinds = useMemo(() => countOutcomes(outcomes), [outcomes]);
  const rows = useMemo(
    () => (only ? outcomes.filter((each) => each.outcome === only) : outcomes),
    [outcomes, only],
  );
  const columns = useMemo(
    () => columnsOf(verb).filter((each) => !operation.dry_run || dryColumns.includes(each.id)),
    [verb, operation.dry_run],
  );
  const { ref, shown } = useRoom(columns);
  return (
    <Panel
      flush
      title={operation.dry_run ? "What it would hit" : "Outcomes"}
      actions={
        !operation.dry_run && (
          <Kinds verb={verb} all={outcomes.length} kinds={kinds} only={only} onOnly={setOnly} />
        )
      }
    >
      <div ref={ref} className={classes.rows}>
        <DataTable
          label="Outcomes"
          columns={shown}
          count={rows.length}
          row={(at) => rows[at]}
          rowKey={(row) => row.connection_id}
          rowHeight={36}
          maxHeight="max(24rem, 60vh)"
          onOpen={operation.dry_run ? undefined : open}
          empty={
            operation.matched === 0 ? (
              <Empty title="No connection matched">There was nothing to do</Empty>
            ) : (
              <Empty title={only ? "No connection ended so" : "No outcome yet"} />
            )
          }
        />
      </div>
      <Modal
        opened={opened !== undefined}
        onClose={() => open(undefined)}
        title="Outcome"
        size="lg"
      >
        {opened && <OneOutcome verb={verb} row={opened} />}
      </Modal>
    </Panel>
  );
}

function Kinds(props: {
  verb: string;
  all: number;
  kinds: Array<{ outcome: string; count: number }>;
  only: string;
  onOnly: (outcome: string) => void;
}) {
  const { kinds, only, onOnly } = props;
  // The one that is asked for stays to be switched off, also when nothing has it.
  const shown = kinds.some((each) => each.outcome === only) || !only;
  const all = shown ? kinds : [...kinds, { outcome: only, count: 0 }];
  return (
    <div className={classes.kinds} role="group" aria-label="Filter by outcome">
      <Kind title="All" size={props.all} pressed={!only} onPress={() => onOnly("")} />
      {all.map((each) => {
        const about = aboutOutcome(props.verb, each.outcome);
        return (
          <Kind
            key={each.outcome}
            title={about.title}
            tone={about.tone}
            size={each.count}
            pressed={only === each.outcome}
            onPress={() => onOnly(only === each.outcome ? "" : each.outcome)}
          />
        );
      })}
    </div>
  );
}

function Kind(props: {
  title: string;
  tone?: string;
  size: number;
  pressed: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      className={classes.kind}
      aria-pressed={props.pressed}
      onClick={props.onPress}
    >
      <span className={props.tone}>{props.title}</span>
      <span>{count(props.size)}</span>
    </button>
  );
}

function OneOutcome({ verb, row }: { verb: string; row: Outcome }) {
  const about = aboutOutcome(verb, row.outcome);
  const hasData = row.data !== null && row.data !== undefined;
  return (
    <div style={{ display: "grid", gap: "0.75rem" }}>
      <div>
        <Link href={to.connection(row.connection_id)}>
          <Name of={row.connection_id} mono wrap />
        </Link>
      </div>
      <div>
        <strong className={about.tone}>{about.title}</strong> {about.text}
      </div>
      {row.detail && <Name of={row.detail} wrap max={2000} />}
      <div className="dim">
        <Time at={row.at} /> {"\u00b7"} <span className="num">{millis(row.ms)}</span>
      </div>
      {hasData && (
        <>
          <JsonEditor readOnly label="Data of the answer" value={pretty(row.data)} minLines={1} />
          <div>
            <CopyButton text={pretty(row.data)} label="Copy data" size="xs" />
          </div>
        </>
      )}
    </div>
  );
}
