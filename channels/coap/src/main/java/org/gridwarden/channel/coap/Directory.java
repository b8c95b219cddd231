package org.gridwarden.channel.coap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;

/**
 * A resource directory (RFC 9176), of the little that meters need: an endpoint registers what it
 * has under the name that it has proven, one registration each, and looks up its own; a
 * concentrator looks up all. Kept in memory: after a restart endpoints register again, as they do
 * when their lifetime ends. Thread-safe.
 */
final class Directory {
  static final String ROOT = "rd";
  static final String LOOKUP = "rd-lookup";

  private static final long USUAL_LIFETIME = 90_000; // clause 5
  private static final long LONGEST_LIFETIME = 30L * 86_400;
  private static final int MOST_ON_A_PAGE = 100;
  private static final int MOST = 100_000;

  private final LongSupplier nanoTime;
  private final Map<MeterId, Registration> registrations = new ConcurrentHashMap<>();

  /**
   * @param base where it was heard of from
   * @param lifetime in seconds, from {@code since}
   */
  private record Registration(
      MeterId endpoint, String base, long lifetime, long since, List<Links.Link> links) {}

  Directory() {
    this(System::nanoTime);
  }

  Directory(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A request for {@code rd}, or something below it. */
  void take(Ask ask) {
    Optional<MeterId> own = ask.caller().meter();
    List<String> path = ask.path();
    if (own.isEmpty()) {
      ask.answer(ask.caller().isStranger() ? ResponseCode.UNAUTHORIZED : ResponseCode.FORBIDDEN);
    } else if (path.size() == 1) {
      if (ask.request().getCode() == Code.POST) {
        register(ask, own.get());
      } else {
        ask.answer(ResponseCode.METHOD_NOT_ALLOWED);
      }
    } else if (path.size() > 2) {
      ask.answer(ResponseCode.NOT_FOUND);
    } else if (!path.get(1).equals(own.get().value())) {
      ask.answer(ResponseCode.FORBIDDEN);
    } else {
      change(ask, own.get());
    }
  }

  private void register(Ask ask, MeterId own) {
    Optional<List<Links.Link>> links = Links.parse(ask.body());
    Optional<Long> lifetime = lifetime(ask, USUAL_LIFETIME);
    if (ask.query("ep").filter(ep -> !ep.equals(own.value())).isPresent()) {
      ask.answer(ResponseCode.FORBIDDEN);
    } else if (links.isEmpty() || lifetime.isEmpty()) {
      ask.refuse(ResponseCode.BAD_REQUEST, "links, and a lifetime in seconds");
    } else if (registrations.size() >= MOST && !registrations.containsKey(own)) {
      ask.answer(ResponseCode.SERVICE_UNAVAILABLE);
    } else {
      registrations.put(
          own, new Registration(own, base(ask), lifetime.get(), nanoTime.getAsLong(), links.get()));
      Response created = new Response(ResponseCode.CREATED);
      created.getOptions().addLocationPath(ROOT).addLocationPath(own.value());
      ask.answer(created);
    }
  }

  private void change(Ask ask, MeterId own) {
    Optional<Registration> now = Optional.ofNullable(registrations.get(own)).filter(this::lasts);
    if (now.isEmpty()) {
      ask.answer(ResponseCode.NOT_FOUND);
    } else if (ask.request().getCode() == Code.DELETE) {
      registrations.remove(own);
      ask.answer(ResponseCode.DELETED);
    } else if (ask.request().getCode() == Code.POST) {
      Optional<Long> lifetime = lifetime(ask, now.get().lifetime());
      if (lifetime.isEmpty() || ask.body().length > 0) {
        ask.refuse(ResponseCode.BAD_REQUEST, "a lifetime in seconds, and no links");
        return;
      }
      registrations.put(
          own,
          new Registration(
              own, base(ask), lifetime.get(), nanoTime.getAsLong(), now.get().links()));
      ask.answer(ResponseCode.CHANGED);
    } else {
      ask.answer(ResponseCode.METHOD_NOT_ALLOWED);
    }
  }

  private static String base(Ask ask) {
    String host = ask.caller().source().getHostAddress();
    return (ask.exchange().getRequest().getOptions().hasOscore() ? "coap" : "coaps")
        + "://"
        + (host.indexOf(':') < 0 ? host : "[" + host + "]")
        + ":"
        + ask.caller().from().getPort();
  }

  private static Optional<Long> lifetime(Ask ask, long usual) {
    Optional<String> text = ask.query("lt");
    try {
      long seconds = text.isEmpty() ? usual : Long.parseLong(text.get());
      return seconds < 1 ? Optional.empty() : Optional.of(Math.min(seconds, LONGEST_LIFETIME));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean lasts(Registration one) {
    return nanoTime.getAsLong() - one.since() < one.lifetime() * 1_000_000_000L;
  }

  /** A request for {@code rd-lookup/ep} or {@code rd-lookup/res}. */
  void look(Ask ask) {
    Optional<TransportPeer> who = ask.caller().proven();
    if (who.isEmpty()) {
      ask.answer(ResponseCode.UNAUTHORIZED);
      return;
    }
    Stream<Registration> visible =
        (who.get().meter().isPresent()
                ? Stream.ofNullable(registrations.get(who.get().name()))
                : registrations.values().stream())
            .filter(this::lasts)
            .filter(r -> ask.query("ep").filter(ep -> !ep.equals(r.endpoint().value())).isEmpty())
            .sorted(Comparator.comparing(r -> r.endpoint().value()));
    boolean endpoints = ask.path().getLast().equals("ep");
    List<Links.Link> found = new ArrayList<>();
    visible.forEach(r -> {
      if (endpoints) {
        found.add(endpoint(r));
      } else {
        r.links().stream().filter(l -> fits(ask, l)).map(l -> based(r, l)).forEach(found::add);
      }
    });
    int count = Math.min(number(ask, "count", MOST_ON_A_PAGE), MOST_ON_A_PAGE);
    long skip = (long) number(ask, "page", 0) * count;
    Response response = new Response(ResponseCode.CONTENT);
    response.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    response.setPayload(Links.write(found.stream().skip(skip).limit(count).toList()));
    ask.answer(response);
  }

  private static int number(Ask ask, String name, int usual) {
    try {
      return ask.query(name).map(Integer::parseInt).filter(n -> n >= 0).orElse(usual);
    } catch (NumberFormatException e) {
      return usual;
    }
  }

  private static boolean fits(Ask ask, Links.Link link) {
    return ask.query("rt").filter(rt -> !link.has("rt", rt)).isEmpty()
        && ask.query("href").filter(href -> !link.target().equals(href)).isEmpty();
  }

  private static Links.Link endpoint(Registration one) {
    return new Links.Link(
        "/" + ROOT + "/" + one.endpoint(),
        List.of(
            new Links.Attribute("ep", "\"" + one.endpoint() + "\""),
            new Links.Attribute("base", "\"" + one.base() + "\""),
            new Links.Attribute("lt", String.valueOf(one.lifetime())),
            new Links.Attribute("rt", "\"core.rd-ep\"")));
  }

  /** Its target made absolute, as a lookup has it (clause 6.1). */
  private static Links.Link based(Registration one, Links.Link link) {
    return new Links.Link(
        link.target().startsWith("/") ? one.base() + link.target() : link.target(),
        link.attributes());
  }
}
