import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";

import { call, segment } from "../../api/client";
import type { CloseReceipt, Connection } from "../../api/types";
import { Name } from "../../common/name";
import { ErrorLine } from "../../common/states";
import { aboutCode } from "./close_codes";
import classes from "./disconnect.module.css";
import { DisconnectForm } from "./disconnect_form";
import { Receipt } from "./receipt";
import { firstWish, type Order, type Wish } from "./wish";

/** Disconnects a client: how, the question, then the receipt. */
export function Disconnect(props: {
  row: Connection;
  opened: boolean;
  onClose: () => void;
  onReceipt: (receipt: CloseReceipt) => void;
}) {
  const { row, opened } = props;
  const [wish, setWish] = useState<Wish>(firstWish);
  const [order, setOrder] = useState<Order>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [receipt, setReceipt] = useState<CloseReceipt>();

  const back = () => {
    setOrder(undefined);
    setError(undefined);
  };
  const act = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const path = `/connections/${segment(row.id)}`;
      const said = await call<CloseReceipt>("DELETE", path, { body: order?.body });
      setReceipt(said);
      props.onReceipt(said);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      opened={opened}
      onClose={() => !busy && props.onClose()}
      title={receipt ? "Disconnected" : "Disconnect the client"}
    >
      {receipt ? (
        <Stack gap="md">
          <Receipt receipt={receipt} />
          <Group justify="flex-end">
            <Button onClick={props.onClose} data-autofocus>
              Done
            </Button>
          </Group>
        </Stack>
      ) : order ? (
        <Stack gap="md">
          <Sure row={row} order={order} />
          <ErrorLine error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={back} disabled={busy} data-autofocus>
              Back
            </Button>
            <Button color="red" loading={busy} onClick={() => void act()}>
              Disconnect
            </Button>
          </Group>
        </Stack>
      ) : (
        <DisconnectForm wish={wish} onChange={setWish} onNext={setOrder} onCancel={props.onClose} />
      )}
    </Modal>
  );
}

/** Names the client and says what it will get. */
function Sure(props: { row: Connection; order: Order }) {
  const { row, order } = props;
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      <p style={{ marginTop: 0 }}>
        <strong>
          <Name of={row.client_id || row.id} wrap />
        </strong>
        {row.client_name && (
          <>
            {" ("}
            <Name of={row.client_name} wrap />
            {")"}
          </>
        )}{" "}
        on the channel <Name of={row.channel} wrap /> will be disconnected. Calls that wait for its
        answer end as closed.
      </p>
      <p>
        It gets the code <strong className="num">{order.body.code}</strong>.{" "}
        {aboutCode(order.body.code)}.
      </p>
      {order.text ? (
        <pre className={`${classes.what} mono`} aria-label="Close reason">
          <Name of={order.text} wrap mono />
        </pre>
      ) : (
        <p className="dim">Without a reason.</p>
      )}
    </div>
  );
}
