package org.gridwarden.security.access;

/** One thing that somebody may do; roles are sets of them. Their names are stored. */
public enum Permission {
  /** Sees meters, readings, events, alarms, commands and how all is. */
  VIEW(Duty.READS, "sees meters, readings, events, alarms and commands"),
  /** Sees the readings of one's own service points, as long as one's contract runs. */
  VIEW_OWN(Duty.OWNS, "sees the meters of their own account"),
  READ_HEALTH(Duty.READS, "reads health and metrics"),
  /** What has no word of its own: alarms, cases, quarantine, reading a meter now. */
  OPERATE(Duty.ACTS, "handles alarms, cases and quarantine, and reads meters now"),
  COMMAND(Duty.ACTS, "drafts and signs commands, and asks for a key to sign with"),
  APPROVE(Duty.ACTS, "releases or refuses another's command, and changes the policy by two"),
  MANAGE_METERS(Duty.ACTS, "imports and accepts meters, and says how they are reached"),
  MANAGE_FIRMWARE(Duty.ACTS, "takes firmware images in, and says what meters run"),
  BILL(Duty.ACTS, "prepares bills"),
  SERVE_CUSTOMERS(Duty.ACTS, "protects consumers, and links their accounts to service points"),
  MANAGE_KEYS(Duty.GRANTS, "takes and ends operators' and makers' keys and certificates"),
  MANAGE_USERS(Duty.GRANTS, "adds and disables users and API keys, and gives them roles"),
  MANAGE_ROLES(Duty.GRANTS, "makes and changes roles"),
  READ_AUDIT(Duty.AUDITS, "reads the audit log"),
  /** Neither names nor single meters, which {@link #VIEW} shows. */
  ANALYSE(Duty.READS, "sees figures of groups of households, and of no single one");

  private final Duty duty;
  private final String words;

  Permission(Duty duty, String words) {
    this.duty = duty;
    this.words = words;
  }

  /** What it is part of, which says what it goes with. */
  public Duty duty() {
    return duty;
  }

  /** What somebody with it does, as a half sentence for people. */
  public String words() {
    return words;
  }
}
