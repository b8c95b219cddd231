package org.gridwarden.dlms.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Service;

/**
 * A long value, asked for block by block (IEC 62056-5-3, clause 9.3.6).
 *
 * @param bytes all blocks' bytes
 * @param refused why the meter broke off
 */
record BlockReader(ByteArrayOutputStream bytes, Optional<AccessResult> refused) {
  private static final int LONGEST = 16 << 20;

  /** Takes the first block and asks for the others. */
  static BlockReader read(Exchange exchange, int invoke, Service.GotBlock first)
      throws IOException, DlmsException, AssociationRefused {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    Service.GotBlock got = first;
    for (long number = 1; ; number++) {
      if (got.refused().isPresent()) {
        return new BlockReader(bytes, got.refused());
      }
      if (got.block().number() != number) {
        throw Exchange.broken(
            "block " + number + " was asked for, and " + got.block().number() + " came");
      }
      byte[] raw = got.block().raw().bytes();
      if (raw.length == 0 && !got.block().last()) {
        throw Exchange.broken("block " + number + " is empty and not the last");
      }
      if (bytes.size() + raw.length > LONGEST) {
        throw Exchange.broken("a value of more than " + LONGEST + " bytes");
      }
      bytes.writeBytes(raw);
      if (got.block().last()) {
        return new BlockReader(bytes, Optional.empty());
      }
      Apdu answer = exchange.ask(new Service.GetNext(invoke, number));
      if (!(answer instanceof Service.GotBlock next)) {
        throw Exchange.unexpected("a block", answer);
      }
      got = next;
    }
  }
}
