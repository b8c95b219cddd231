package org.gridwarden.channel.sip;

import java.util.List;

/**
 * How a meter is called: over the flow that it came by, whatever addresses it says. What it says
 * only stands in the request, for proxies between. Immutable.
 *
 * @param target the Request-URI: what the meter has as Contact
 * @param routes proxies on the way, from this end, each as the field Route has it
 */
record Way(Flow flow, String target, List<String> routes) {
  private static final int MOST_ROUTES = 4;
  private static final int LONGEST = 256;

  Way {
    routes = List.copyOf(routes);
  }

  /**
   * A way.
   *
   * @throws SipException where an address is none, or there are too many
   */
  static Way of(Flow flow, NameAddr contact, List<String> routes) throws SipException {
    SipUri.parse(contact.uri());
    if (routes.size() > MOST_ROUTES) {
      throw SipException.malformed("more than " + MOST_ROUTES + " proxies stand between");
    }
    for (String route : routes) {
      if (route.length() > LONGEST) {
        throw SipException.malformed("a proxy's address is longer than " + LONGEST);
      }
      SipUri.parse(NameAddr.parse(route).uri());
    }
    return new Way(flow, contact.uri(), routes);
  }
}
