package org.gridwarden.core;

/**
 * Which version of interval data: as the meter sent it, or as validation and estimation made it.
 */
public enum Layer {
  RAW,
  FINAL
}
