package org.gridwarden.exchange.cim;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.exchange.xml.Element;

/**
 * What a get asks for.
 *
 * @param meters by their names
 * @param usagePoints service points by their names
 * @param from inclusive; empty where it is not said
 * @param to exclusive; empty where it is not said
 */
public record CimRequest(
    List<String> meters, List<String> usagePoints, Optional<Instant> from, Optional<Instant> to) {
  private static final int MOST = 1_000;

  /**
   * Reads it.
   *
   * @throws CimException where an instant is none, or too much is named
   */
  public static CimRequest of(CimMessage message) throws CimException {
    Element request =
        message
            .request()
            .orElseThrow(() ->
                new CimException(
                    CimException.Code.CONTENT, "a get needs a Request that says of what"));
    // GetMeterReadings and the like, or what they hold, straight in the Request
    Element asked = request.child("Get" + message.header().noun()).orElse(request);
    List<String> meters = named(asked, "EndDevice");
    meters.addAll(named(asked, "Meter"));
    List<String> points = named(asked, "UsagePoint");
    if (meters.size() + points.size() > MOST) {
      throw new CimException(
          CimException.Code.CONTENT, "a get names at most " + MOST + " meters: split it");
    }
    String start = first(request.textOf("StartTime"), asked, "start");
    String end = first(request.textOf("EndTime"), asked, "end");
    return new CimRequest(
        List.copyOf(meters),
        List.copyOf(points),
        instant("StartTime", start),
        instant("EndTime", end));
  }

  private static List<String> named(Element asked, String name) {
    List<String> names = new ArrayList<>();
    asked.all(name).map(CimReadings::meter).filter(n -> !n.isEmpty()).forEach(names::add);
    return names;
  }

  private static String first(String said, Element asked, String edge) {
    return said.isEmpty() ? asked.textAt("TimeSchedule", "scheduleInterval", edge) : said;
  }

  private static Optional<Instant> instant(String name, String text) throws CimException {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (text.length() > 40) {
        throw new DateTimeException("too long");
      }
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw new CimException(
          CimException.Code.CONTENT, name + " is no instant; write 2026-03-29T00:00:00Z");
    }
  }
}
