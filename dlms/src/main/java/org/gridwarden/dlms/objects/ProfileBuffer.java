package org.gridwarden.dlms.objects;

import java.util.List;
import org.gridwarden.dlms.DlmsData;

/**
 * The rows of a profile, in the order of its buffer's entries. Rows may be made when they are asked
 * for. Thread-safe.
 */
public interface ProfileBuffer {
  /** How many there are now, and what they are; later captures do not change the list. */
  List<DlmsData.Structure> entries();

  /** How many there are now. */
  default int size() {
    return entries().size();
  }

  /** A row was captured; where the rows are made otherwise, nothing happens. */
  default void add(DlmsData.Structure row) {}

  /** Forgets all rows. */
  default void clear() {}
}
