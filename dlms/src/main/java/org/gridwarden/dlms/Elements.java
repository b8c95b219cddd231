package org.gridwarden.dlms;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What array, structure and compact array have in common: a fixed list of values. */
abstract class Elements {
  private final DlmsData[] elements;

  /** Takes the array over. */
  Elements(DlmsData[] owned) {
    this.elements = owned;
  }

  public final int size() {
    return elements.length;
  }

  public final DlmsData get(int index) {
    return elements[index];
  }

  public final List<DlmsData> elements() {
    return Collections.unmodifiableList(Arrays.asList(elements));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other != null
        && other.getClass() == getClass()
        && Arrays.equals(elements, ((Elements) other).elements);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(elements);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + Arrays.toString(elements);
  }
}
