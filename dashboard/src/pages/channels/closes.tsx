import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";

import { get } from "../../api/client";
import type { Connection, List } from "../../api/types";
import { plural } from "../../common/format";
import { Name } from "../../common/name";
import { to } from "../../shell/routes";
import classes from "./channels.module.css";

const most = 10;

/** The connections that something would close, the first few by their names; `brief`: in a row. */
export function Closes(props: { ids: string[]; channel: string; brief?: boolean }) {
  const { ids, channel, brief } = props;
  const first = ids.slice(0, most);
  const names = useQuery({
    queryKey: ["closes", first],
    queryFn: ({ signal }) =>
      get<List<Connection>>(
        "/connections",
        {
          selector: `id in (${first.map((id) => JSON.stringify(id)).join(",")})`,
          fields: "id,client_id,client_name,remote_address",
          limit: most,
        },
        signal,
      ),
    enabled: first.length > 0,
    staleTime: 30_000,
  });
  const byId = new Map(names.data?.items.map((each) => [each.id, each]));
  return (
    <>
      <ul
        className={brief ? classes.closesBrief : classes.closes}
        aria-label="Connections that are closed"
      >
        {first.map((id) => {
          const row = byId.get(id);
          return (
            <li key={id}>
              <Link href={to.connection(id)} className={classes.closeName}>
                <Name of={row?.client_id || id} max={80} mono={!row?.client_id} />
              </Link>
              {!brief && (
                <>
                  <Name of={row?.client_name} empty="" max={60} dim />
                  <Name of={row?.remote_address} empty="" dim />
                </>
              )}
            </li>
          );
        })}
        {ids.length > most && (
          <li>
            <Link href={to.connectionsOf(channel)} className={classes.closeName}>
              and {plural(ids.length - most, "more connection", "more connections")}
            </Link>
          </li>
        )}
      </ul>
    </>
  );
}
