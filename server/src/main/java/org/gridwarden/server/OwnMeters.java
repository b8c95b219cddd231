package org.gridwarden.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.access.Permission;
import org.gridwarden.store.MeterRow;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Keeps consumers to the meters of their own service points, whatever route names a meter, and to
 * the time since these are theirs. A meter of somebody else answers as one that is not known.
 */
final class OwnMeters implements HandlerInterceptor {
  private static final String SINCE = "gridwarden.since";

  private final Office office;

  OwnMeters(Office office) {
    this.office = office;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    Optional<String> consumer = consumer();
    if (consumer.isEmpty()) {
      return true;
    }
    Object id =
        request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                instanceof Map<?, ?> variables
            ? variables.get("id")
            : null;
    if (id == null) {
      if (request.getServletPath().equals("/api/v1/meters")) {
        return true; // the list shows their own alone
      }
      throw new FaultException(
          Fault.Code.FORBIDDEN, "meter", "consumers ask for a meter of theirs");
    }
    MeterId meter = Requests.meter(id.toString());
    SortedMap<String, Instant> points = office.store().customerPoints().of(consumer.get());
    Instant since =
        office
            .store()
            .meters()
            .row(meter)
            .map(MeterRow::servicePoint)
            .map(points::get)
            .orElseThrow(Office::unknownMeter);
    request.setAttribute(SINCE, since);
    return true;
  }

  /** The consumer who asks; empty where somebody asks who sees all meters. */
  static Optional<String> consumer() {
    Authentication who = SecurityContextHolder.getContext().getAuthentication();
    return who != null && !has(who, Permission.VIEW) && has(who, Permission.VIEW_OWN)
        ? Optional.of(who.getName())
        : Optional.empty();
  }

  /** From when on who asks may see the meter that is asked for; the beginning of time for most. */
  static Instant since() {
    RequestAttributes request = RequestContextHolder.getRequestAttributes();
    return request != null
            && request.getAttribute(SINCE, RequestAttributes.SCOPE_REQUEST) instanceof Instant since
        ? since
        : Instant.MIN;
  }

  private static boolean has(Authentication who, Permission permission) {
    return who.getAuthorities().stream().anyMatch(a -> permission.name().equals(a.getAuthority()));
  }
}
