package org.gridwarden.exchange.greenbutton;

/** The namespaces of feeds. */
final class Espi {
  static final String ATOM = "http://www.w3.org/2005/Atom";
  static final String NAMESPACE = "http://naesb.org/espi";

  /** Of retail customers' data, which stands in feeds of its own. */
  static final String CUSTOMER = "http://naesb.org/espi/customer";

  private Espi() {}
}
