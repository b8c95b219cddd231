package org.gridwarden.channel.coap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.gridwarden.message.MessageClass;

/** What there is at the office, {@code .well-known/core} (RFC 6690). Pure functions. */
final class WellKnown {
  static final List<String> PATH = List.of(".well-known", "core");

  private static final List<Link> LINKS = links();

  private WellKnown() {}

  private record Link(String path, String type, String more) {
    /** Whether a query, {@code rt=gw.up} say, means it; a last star stands for anything. */
    boolean isMeant(String query) {
      int equals = query.indexOf('=');
      String name = equals < 0 ? query : query.substring(0, equals);
      String wanted = equals < 0 ? "" : query.substring(equals + 1);
      String has =
          switch (name) {
            case "href" -> path;
            case "rt" -> type;
            default -> "";
          };
      return wanted.endsWith("*")
          ? !has.isEmpty() && has.startsWith(wanted.substring(0, wanted.length() - 1))
          : !has.isEmpty() && has.equals(wanted);
    }

    @Override
    public String toString() {
      return "<" + path + ">;rt=\"" + type + "\";" + more;
    }
  }

  private static List<Link> links() {
    List<Link> all = new ArrayList<>();
    for (MessageClass kind : MessageClass.values()) {
      all.add(new Link("/gw/" + kind.word(), "gw.up", "ct=16"));
    }
    all.add(new Link("/gw/orders", "gw.orders", "ct=16;obs"));
    all.add(new Link("/rd", "core.rd", "ct=40"));
    all.add(new Link("/rd-lookup/ep", "core.rd-lookup-ep", "ct=40"));
    all.add(new Link("/rd-lookup/res", "core.rd-lookup-res", "ct=40"));
    return List.copyOf(all);
  }

  /**
   * The answer.
   *
   * @param queries which links are meant; all where there are none
   * @return empty where none is
   */
  static Optional<Response> answer(List<String> queries) {
    List<String> meant =
        LINKS.stream()
            .filter(link -> queries.stream().allMatch(link::isMeant))
            .map(Link::toString)
            .toList();
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    Response response = new Response(ResponseCode.CONTENT);
    response.setPayload(String.join(",", meant));
    response.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    return Optional.of(response);
  }
}
