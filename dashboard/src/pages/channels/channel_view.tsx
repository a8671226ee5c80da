import type { Channel } from "../../api/types";
import { same, titleOf, type Field, type Values } from "../../common/fields";
import { Panel } from "../../common/page";
import { visible } from "../../common/visible";
import { applies, grouped } from "./groups";
import { valueWords } from "./words";
import classes from "./channels.module.css";

/** What a channel is: all its fields, those that are not as usual stand out. */
export function ChannelView(props: { channel: Channel; fields: Field[] }) {
  const values = props.channel as unknown as Values;
  const shown = props.fields.filter((each) => applies(each.name, values));
  return (
    <div className={classes.view}>
      {grouped(shown).map((group) => (
        <div key={group.title} className={classes.viewPart}>
          <Panel title={group.title}>
            <dl className={classes.list}>
              {group.fields.map((field) => (
                <Fact key={field.name} field={field} value={values[field.name]} />
              ))}
            </dl>
          </Panel>
        </div>
      ))}
    </div>
  );
}

const code = new Set(["permissions", "path"]);

function Fact({ field, value }: { field: Field; value: unknown }) {
  const usual = same(value, field.default);
  const words = valueWords(field, value)
    .split("\n")
    .map((line) => visible(line, 2000))
    .join("\n");
  return (
    <div className={classes.fact}>
      <dt title={field.about}>{titleOf(field.name)}</dt>
      <dd className={`${classes.value} ${code.has(field.name) ? "mono" : ""}`}>
        <bdi className={usual ? "dim" : classes.unusual}>{words}</bdi>
      </dd>
    </div>
  );
}
