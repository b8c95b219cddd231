package org.gridwarden.channel.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAPOptionException;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.util.DatagramReader;

/**
 * Reads datagrams. Critical options that are not known are refused (RFC 7252, 5.4.1), and so is a
 * block that is longer than it says: the library would let it through to its threads, which write a
 * page of log for each.
 */
final class Parser extends UdpDataParser {
  Parser() {
    super(false, new int[0]);
  }

  @Override
  public void parseOptionsAndPayload(DatagramReader reader, Message message) {
    try {
      super.parseOptionsAndPayload(reader, message);
    } catch (IllegalStateException e) {
      throw new CoAPOptionException(String.valueOf(e.getMessage()), ResponseCode.BAD_REQUEST);
    }
  }
}
