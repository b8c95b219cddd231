package org.gridwarden.security.access;

import static org.gridwarden.security.access.Permission.ANALYSE;
import static org.gridwarden.security.access.Permission.APPROVE;
import static org.gridwarden.security.access.Permission.BILL;
import static org.gridwarden.security.access.Permission.COMMAND;
import static org.gridwarden.security.access.Permission.MANAGE_FIRMWARE;
import static org.gridwarden.security.access.Permission.MANAGE_KEYS;
import static org.gridwarden.security.access.Permission.MANAGE_METERS;
import static org.gridwarden.security.access.Permission.MANAGE_ROLES;
import static org.gridwarden.security.access.Permission.MANAGE_USERS;
import static org.gridwarden.security.access.Permission.OPERATE;
import static org.gridwarden.security.access.Permission.READ_AUDIT;
import static org.gridwarden.security.access.Permission.READ_HEALTH;
import static org.gridwarden.security.access.Permission.SERVE_CUSTOMERS;
import static org.gridwarden.security.access.Permission.VIEW;
import static org.gridwarden.security.access.Permission.VIEW_OWN;

import java.util.Set;

/**
 * The roles that are there without being made: those of IEC 62351-8 by its names, and the office's
 * own. They cannot be changed; an office makes others beside them.
 */
public enum StandardRole {
  /** VIEWER: looks. */
  VIEWER("Sees meters, readings and events.", VIEW),
  /** OPERATOR: looks and controls. */
  OPERATOR(
      "Also imports and accepts meters, and commands them.",
      VIEW,
      READ_HEALTH,
      OPERATE,
      COMMAND,
      APPROVE,
      MANAGE_METERS,
      MANAGE_FIRMWARE,
      SERVE_CUSTOMERS),
  /** ENGINEER: looks and configures, and does not control. */
  ENGINEER(
      "Sets meters and firmware up; commands nothing.",
      VIEW,
      READ_HEALTH,
      MANAGE_METERS,
      MANAGE_FIRMWARE),
  /** INSTALLER: looks and puts meters up. */
  INSTALLER("Takes meters in where they are put up.", VIEW, MANAGE_METERS),
  /** SECADM: says who has which role, and looks after keys. */
  SECURITY_ADMINISTRATOR(
      "Manages people and keys; commands nothing.", VIEW, MANAGE_KEYS, MANAGE_USERS),
  /** SECAUD: reads the log. */
  SECURITY_AUDITOR("Reads everything, changes nothing.", VIEW, READ_HEALTH, READ_AUDIT),
  /** RBACMNT: says what a role may. */
  RBAC_ADMINISTRATOR("Makes roles; gives them to nobody.", VIEW, MANAGE_ROLES),
  /** The office's own. */
  BILLING_CLERK("Sees readings and prepares bills.", VIEW, BILL),
  /** The office's own. */
  CUSTOMER_SERVICE("Answers consumers and looks after their accounts.", VIEW, SERVE_CUSTOMERS),
  /** The office's own: sees no name and no single meter. */
  ANALYST("Sees figures of groups of households, and of no single one.", ANALYSE),
  /** The office's own: a customer. */
  CONSUMER("Sees the meters of their own account only.", VIEW_OWN);

  private final Role role;

  StandardRole(String note, Permission... permissions) {
    this.role = new Role(name(), Set.of(permissions), note, true);
  }

  /** The role as all others are. */
  public Role role() {
    return role;
  }

  /** What it may. */
  public Set<Permission> permissions() {
    return role.permissions();
  }
}
