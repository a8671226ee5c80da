import type { CloseReceipt } from "../../api/types";
import { millis } from "../../common/format";
import { Name } from "../../common/name";
import { Badge, Fact, FactGroup } from "./fact";
import { aboutClose } from "./outcomes";

/** What became of a Close. */
export function Receipt(props: { receipt: CloseReceipt }) {
  const { receipt } = props;
  const about = aboutClose(receipt.outcome);
  return (
    <section aria-label="Receipt" data-outcome={receipt.outcome}>
      <div role="status" style={{ marginBottom: "0.75rem" }}>
        <Badge tone={about.tone}>{about.title}</Badge> {about.text}
      </div>
      <FactGroup title="Receipt">
        <Fact name="Code sent">
          <span className="num">{receipt.code_sent ?? "none"}</span>
        </Fact>
        <Fact name="Client's code">
          <span className="num">{receipt.peer_code ?? "none"}</span>
        </Fact>
        <Fact name="Client's reason">
          <Name of={receipt.peer_reason} wrap max={500} empty="none" />
        </Fact>
        <Fact name="Took">
          <span className="num">{millis(receipt.ms)}</span>
        </Fact>
      </FactGroup>
    </section>
  );
}
