import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { Link } from "wouter";

import { segment } from "../../api/client";
import { useLive, useLiveState } from "../../api/live";
import { useMay } from "../../api/session";
import type { CloseReceipt, Connection as Row } from "../../api/types";
import { Name } from "../../common/name";
import { Page } from "../../common/page";
import { Empty, Failed, Loading } from "../../common/states";
import { Since } from "../../common/time";
import { visible } from "../../common/visible";
import { to } from "../../shell/routes";
import { Attributes } from "./attributes";
import classes from "./connection.module.css";
import { Counters } from "./counters";
import { Disconnect } from "./disconnect";
import { Badge } from "./fact";
import { Gone } from "./gone";
import { Invoke } from "./invoke";
import { Messages } from "./messages";
import { Subscriptions } from "./subscriptions";
import { useTrail } from "./trail";

/** One connection: all that is known of it and what can be done with it. */
export default function Connection({ id }: { id: string }) {
  const { value, problem } = useLive<Row>(`/connections/${segment(id)}`);
  if (value) return <Known row={value} gone={problem?.status === 404} />;
  return (
    <Page title="Connection">
      {!problem && <Loading />}
      {problem?.status === 404 && (
        <Empty title="There is no such connection">
          <p>
            <Name of={id} mono wrap /> has ended, or never was: a client that connects again gets a
            new id.
          </p>
          <Button component={Link} href="/connections" variant="default">
            All connections
          </Button>
        </Empty>
      )}
      {problem && problem.status !== 404 && <Failed error={problem} />}
    </Page>
  );
}

function Known(props: { row: Row; gone: boolean }) {
  const { row, gone } = props;
  const may = useMay("operator");
  const live = useLiveState() === "live";
  const trail = useTrail(row, live && !gone);
  const [asking, { open, close }] = useDisclosure(false);
  const [receipt, setReceipt] = useState<CloseReceipt>();
  const name = row.client_id || row.id;
  return (
    <Page
      title={visible(name, 80)}
      heading={
        <span className={classes.heading}>
          <Name of={name} wrap max={200} />
          <State row={row} gone={gone} />
        </span>
      }
      about={
        <span className={classes.about}>
          <Name of={row.client_name} empty="no name" max={120} />
          <span>
            on{" "}
            <Link href={to.channel(row.channel)}>
              <Name of={row.channel} />
            </Link>
          </span>
          {!gone && (
            <span>
              connected for <Since at={row.connected_at} />
            </span>
          )}
        </span>
      }
      actions={
        may &&
        !gone && (
          <Button color="red" variant="light" onClick={open}>
            Disconnect
          </Button>
        )
      }
    >
      {gone && <Gone row={row} receipt={receipt} />}
      <Counters row={row} trail={trail} />
      <Attributes row={row} gone={gone} />
      <Subscriptions row={row} gone={gone} />
      <div className={may ? classes.columns : undefined}>
        {may && <Invoke row={row} gone={gone} />}
        <Messages row={row} gone={gone} />
      </div>
      <Disconnect row={row} opened={asking} onClose={close} onReceipt={setReceipt} />
    </Page>
  );
}

function State(props: { row: Row; gone: boolean }) {
  if (props.gone) return <Badge tone="bad">ended</Badge>;
  if (props.row.state === "ready") return <Badge tone="good">in session</Badge>;
  if (props.row.state === "closing") return <Badge tone="warn">closing</Badge>;
  return <Badge>no session yet</Badge>;
}
