package org.gridwarden.core;

/** How much an event matters; the order is that of urgency. */
public enum Severity {
  INFO,
  ATTENTION,
  FAULT,
  CRITICAL
}
