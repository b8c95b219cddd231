package org.gridwarden.core;

/** The three categories that the five message classes fall in. */
public enum Category {
  OPERATION,
  NON_OPERATION,
  ASYNCHRONOUS_EVENT
}
