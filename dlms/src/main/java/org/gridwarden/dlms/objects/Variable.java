package org.gridwarden.dlms.objects;

import org.gridwarden.dlms.DlmsData;

/** A value that stands in memory, of one type. Thread-safe: each write is one volatile store. */
public final class Variable implements ValueSource {
  private final DlmsData initial;
  private volatile DlmsData value;

  /**
   * @param initial the default value, whose type every other one must have
   */
  public Variable(DlmsData initial) {
    this.initial = initial;
    this.value = initial;
  }

  @Override
  public DlmsData get() {
    return value;
  }

  /** Sets it from inside the meter, of whatever type. */
  public void set(DlmsData changed) {
    value = changed;
  }

  @Override
  public void write(DlmsData changed) throws Refusal {
    if (changed.tag() != initial.tag()) {
      throw Refusal.type();
    }
    value = Values.own(changed);
  }

  @Override
  public void reset() {
    value = initial;
  }
}
