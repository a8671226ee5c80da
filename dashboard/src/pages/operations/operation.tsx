import { Button, Progress } from "@mantine/core";
import { Link } from "wouter";

import { call, segment } from "../../api/client";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Operation as Value } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { count, plural, span } from "../../common/format";
import { Name } from "../../common/name";
import { Page, Panel } from "../../common/page";
import { Empty, Failed, Loading } from "../../common/states";
import { Since, Time } from "../../common/time";
import { Badge } from "../connection/fact";
import { percentDone, verbOf } from "./counting";
import classes from "./operation.module.css";
import { Outcomes } from "./outcomes";

/** Something that was asked of one connection or of many, as it stands. */
export default function Operation({ id }: { id: string }) {
  const path = `/operations/${segment(id)}`;
  const { value, problem } = useLive<Value>(path);
  if (value) return <Known operation={value} path={path} forgotten={problem?.status === 404} />;
  return (
    <Page title="Operation">
      {!problem && <Loading />}
      {problem?.status === 404 && (
        <Empty title="This operation is not known">
          <p>
            The server keeps operations for an hour after their end, the latest of them when there
            are very many, and none across a restart. <Name of={id} mono wrap /> is not among them.
          </p>
          <Button component={Link} href="/connections" variant="default">
            Connections
          </Button>
        </Empty>
      )}
      {problem && problem.status !== 404 && <Failed error={problem} />}
    </Page>
  );
}

function Known(props: { operation: Value; path: string; forgotten: boolean }) {
  const { operation, forgotten } = props;
  const { ask, dialog } = useConfirm();
  const running = operation.state === "running" && !forgotten;
  const may = useMay("operator") && running;
  const verb = verbOf(operation);
  const rest = operation.matched - operation.finished;
  const cancel = () =>
    ask({
      title: "Cancel the operation",
      text: (
        <>
          {verb} of {plural(operation.matched, "connection")}, begun by{" "}
          <strong>
            <Name of={operation.by} wrap />
          </strong>
          : the {count(rest)} that are not done are left out. What has been done stays done.
        </>
      ),
      verb: "Cancel the operation",
      hurts: true,
      act: () => call("DELETE", props.path),
    });
  return (
    <Page
      title={`${verb}, ${operation.id}`}
      heading={
        <span className={classes.heading}>
          {verb} of {plural(operation.matched, "connection")}
          <State operation={operation} />
        </span>
      }
      about={<Name of={operation.id} mono wrap />}
      actions={
        may && (
          <Button color="red" variant="light" onClick={cancel}>
            Cancel the operation
          </Button>
        )
      }
    >
      {forgotten && (
        <div className={classes.note} role="status">
          The server has forgotten this operation. What is shown is what it last knew.
        </div>
      )}
      <Panel>
        <HowFar operation={operation} />
        <Facts operation={operation} running={running} />
      </Panel>
      <Outcomes operation={operation} />
      {dialog}
    </Page>
  );
}

function State({ operation }: { operation: Value }) {
  if (operation.dry_run) return <Badge>dry run</Badge>;
  if (operation.state === "running") return <Badge tone="warn">running</Badge>;
  if (operation.state === "cancelled") return <Badge tone="bad">cancelled</Badge>;
  return <Badge tone="good">done</Badge>;
}

function HowFar({ operation }: { operation: Value }) {
  const percent = percentDone(operation);
  if (operation.dry_run)
    return (
      <div className={classes.progress}>
        <div>A dry run: it says which connections match, and nothing was done to them.</div>
      </div>
    );
  return (
    <div className={classes.progress}>
      <div className="num">
        <span>
          {count(operation.finished)} of {count(operation.matched)} finished
        </span>
        <span className="dim">{Math.floor(percent)} %</span>
      </div>
      <Progress
        value={percent}
        aria-label="Finished"
        color={operation.state === "cancelled" ? "gray" : undefined}
      />
    </div>
  );
}

function Facts({ operation, running }: { operation: Value; running: boolean }) {
  const { started_at, finished_at } = operation;
  const took =
    started_at && finished_at ? (Date.parse(finished_at) - Date.parse(started_at)) / 1000 : null;
  return (
    <dl className={classes.facts}>
      <div>
        <dt>By</dt>
        <dd>
          <Name of={operation.by} wrap />
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>
          <Time at={started_at} />
        </dd>
      </div>
      <div>
        <dt>{running ? "Running for" : "Finished"}</dt>
        <dd>{running ? <Since at={started_at} /> : <Time at={finished_at} />}</dd>
      </div>
      {took !== null && (
        <div>
          <dt>Took</dt>
          <dd className="num">{took < 1 ? "less than 1 s" : span(took)}</dd>
        </div>
      )}
      <div className={classes.wide}>
        <dt>Selector</dt>
        <dd>
          <Name of={operation.selector} mono wrap max={4000} empty="none" />
        </dd>
      </div>
    </dl>
  );
}
