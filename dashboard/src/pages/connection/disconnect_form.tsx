import {
  Autocomplete,
  Button,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  Stack,
  TextInput,
} from "@mantine/core";
import type { FormEvent } from "react";

import { aboutCode, closeCodes, readCode } from "./close_codes";
import { reasonRoom } from "../../common/close_reason";
import classes from "./disconnect.module.css";
import { bytesLeft, readWish, type Order, type Return, type Wish } from "./wish";

/** With which code, words and advice a client is disconnected. */
export function DisconnectForm(props: {
  wish: Wish;
  onChange: (wish: Wish) => void;
  onNext: (order: Order) => void;
  onCancel: () => void;
}) {
  const { wish } = props;
  const { order, faults } = readWish(wish);
  const change = (next: Partial<Wish>) => props.onChange({ ...wish, ...next });
  const code = readCode(wish.code);
  const left = bytesLeft(wish);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (order) props.onNext(order);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Autocomplete
          label="Close code"
          description={"code" in code ? aboutCode(code.code) : "What the client acts on"}
          value={wish.code}
          onChange={(next) => change({ code: next })}
          data={closeCodes.map((each) => String(each.code))}
          filter={({ options }) => options}
          renderOption={({ option }) => <CodeOption code={Number(option.value)} />}
          withScrollArea={false}
          classNames={{ options: classes.options }}
          inputMode="numeric"
          error={faults.code}
        />
        <TextInput
          label="Reason"
          description="What the client is told in words"
          value={wish.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
          error={faults.reason}
          data-autofocus
        />
        <div>
          <Input.Label component="div" id="advice-label" mb={4}>
            Advice
          </Input.Label>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-labelledby="advice-label"
            value={wish.come}
            onChange={(next) => change({ come: next as Return })}
            data={[
              { value: "nothing", label: "None" },
              { value: "again", label: "Come back" },
              { value: "never", label: "Stay away" },
            ]}
          />
        </div>
        {wish.come === "again" && (
          <Group grow align="start">
            <NumberInput
              label="After at least, seconds"
              value={wish.least}
              onChange={(next) => change({ least: next })}
              min={0}
              error={faults.least}
            />
            <NumberInput
              label="And at most, seconds"
              value={wish.most}
              onChange={(next) => change({ most: next })}
              min={0}
            />
          </Group>
        )}
        {wish.come !== "never" && (
          <TextInput
            label="To another address"
            description="Where it should connect instead; may stay empty"
            placeholder="wss://other.example/channel"
            value={wish.to}
            onChange={(event) => change({ to: event.currentTarget.value })}
            error={faults.to}
          />
        )}
        <div className={`${classes.room} num`}>
          <span className="dim">The Close reason has room for {reasonRoom} bytes</span>
          <span className={left < 0 ? "bad" : "dim"} role="status">
            {left < 0 ? `${-left} too many` : `${left} left`}
          </span>
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button type="submit" color="red" variant="light" disabled={!order}>
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function CodeOption({ code }: { code: number }) {
  return (
    <span className={classes.option}>
      <span className="num">{code}</span>
      <span className="dim">{aboutCode(code)}</span>
    </span>
  );
}
