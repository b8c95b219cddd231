package org.gridwarden.dlms.hdlc;

import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;

/** The addresses that one side writes on its frames. */
record Ends(LinkAddress destination, LinkAddress source) {
  private static final byte[] NONE = {};

  byte[] frame(Control control) {
    return frame(control, NONE);
  }

  byte[] frame(Control control, byte[] information) {
    return frame(control, false, information, 0, information.length);
  }

  byte[] frame(Control control, boolean more, byte[] bytes, int from, int to) {
    return HdlcFrame.encode(destination, source, control.octet(), more, bytes, from, to);
  }
}
