import { useMemo } from "react";

import { useFields, type Field } from "../../common/fields";

/** Kinds of security that the server knows of and does not have yet. */
const absent = new Set(["jwt"]);

/** The fields of a channel, as forms and pages need them. */
export function useChannelFields() {
  const { data, error, refetch } = useFields("/channels:fields");
  const fields = useMemo<Field[] | undefined>(
    () =>
      data?.map((each) => ({
        ...each,
        choices: (each.choices ?? []).filter((choice) => !absent.has(choice)),
      })),
    [data],
  );
  return { fields, error, refetch };
}
