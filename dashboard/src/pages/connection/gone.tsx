import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";

import { serverNow } from "../../api/client";
import type { CloseReceipt, Connection } from "../../api/types";
import { Time } from "../../common/time";
import { aboutClose } from "./outcomes";
import classes from "./connection.module.css";

/** Says that what is shown is how the connection was last seen. */
export function Gone(props: { row: Connection; receipt?: CloseReceipt }) {
  const { row, receipt } = props;
  const [noticed] = useState(() => new Date(serverNow()).toISOString());
  return (
    <div className={classes.gone} role="status">
      <div>
        <strong>This connection has ended.</strong> It was gone at <Time at={noticed} />; what is
        shown here was true just before.
        {receipt && (
          <>
            {" "}
            You have disconnected it with {receipt.code_sent ?? "no code"}:{" "}
            {aboutClose(receipt.outcome).text}
          </>
        )}
      </div>
      {row.client_id && (
        <Button
          component={Link}
          href={`/connections?client_id=${encodeURIComponent(row.client_id)}`}
          variant="default"
          size="xs"
        >
          Other connections of this client
        </Button>
      )}
    </div>
  );
}
