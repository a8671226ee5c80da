import { Radio, Stack } from "@mantine/core";

import type { Role } from "../../api/session";
import { roles } from "./rules";

/** One of the roles, each with what it may do. */
export function RoleChoice(props: { value: Role; onChange: (role: Role) => void }) {
  return (
    <Radio.Group
      label="Role"
      value={props.value}
      onChange={(value) => props.onChange(value as Role)}
    >
      <Stack gap="xs" mt={6}>
        {roles.map(({ role, about }) => (
          <Radio key={role} value={role} label={role} description={about} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
