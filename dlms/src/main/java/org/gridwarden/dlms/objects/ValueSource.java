package org.gridwarden.dlms.objects;

import java.util.function.Supplier;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * Where an attribute's value comes from. A lambda gives a value that is only read. Implementations
 * are thread-safe.
 */
@FunctionalInterface
public interface ValueSource extends Supplier<DlmsData> {
  /**
   * A client writes it.
   *
   * @throws Refusal where the value cannot be written, or not so
   */
  default void write(DlmsData value) throws Refusal {
    throw new Refusal(AccessResult.READ_WRITE_DENIED);
  }

  /**
   * It goes back to its default value.
   *
   * @throws Refusal where it does not
   */
  default void reset() throws Refusal {
    throw new Refusal(AccessResult.READ_WRITE_DENIED);
  }
}
