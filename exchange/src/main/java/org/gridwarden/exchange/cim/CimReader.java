package org.gridwarden.exchange.cim;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.ElementReader;
import org.gridwarden.exchange.xml.XmlException;
import org.gridwarden.exchange.xml.XmlLimits;

/** Reads and writes messages, in XML and JSON. Stateless. */
public final class CimReader {
  private CimReader() {}

  /**
   * A message's element.
   *
   * @throws CimException where it is none, or larger than the limits
   * @throws IOException where the stream fails
   */
  public static Element read(InputStream in, boolean json, XmlLimits limits)
      throws CimException, IOException {
    try {
      return json ? JsonElements.read(in, limits) : ElementReader.whole(in, limits);
    } catch (XmlException e) {
      throw new CimException(CimException.Code.CONTENT, String.valueOf(e.getMessage()));
    }
  }

  /** Writes a whole message. */
  public static void write(Element message, boolean json, OutputStream out) throws IOException {
    MessageWriter.write(message, json, new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }
}
