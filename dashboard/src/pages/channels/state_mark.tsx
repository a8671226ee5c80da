import classes from "./channels.module.css";

/** Whether clients may connect. */
export function StateMark({ active }: { active: boolean }) {
  return (
    <span className={active ? classes.active : classes.inactive}>
      {active ? "active" : "inactive"}
    </span>
  );
}
