package org.gridwarden.server;

import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.TimeUnit;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Counts and times requests by method, route and status. */
final class HttpFigures implements HandlerInterceptor {
  private static final String BEGAN = "gridwarden.began";

  private final Office office;

  HttpFigures(Office office) {
    this.office = office;
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    request.setAttribute(BEGAN, System.nanoTime());
    return true;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @org.jspecify.annotations.Nullable Exception e) {
    if (request.getAttribute(BEGAN) instanceof Long began) {
      Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
      Timer.builder("http.server.requests")
          .tag("method", request.getMethod())
          .tag("route", route == null ? "none" : route.toString())
          .tag("status", Integer.toString(response.getStatus()))
          .register(office.metrics())
          .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }
  }
}
