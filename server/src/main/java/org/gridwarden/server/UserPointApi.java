package org.gridwarden.server;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.gridwarden.security.access.Permission;
import org.gridwarden.store.CustomerPoints;
import org.gridwarden.store.User;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Which service points a user sees as theirs besides those of their accounts. */
@RestController
@RequestMapping("/api/v1/users/{name}/points")
class UserPointApi {
  private final Accounts accounts;
  private final CustomerPoints points;

  UserPointApi(Accounts accounts, Office office) {
    this.accounts = accounts;
    this.points = office.store().customerPoints();
  }

  /**
   * A service point of an account.
   *
   * @param since the consumer sees its readings from then on
   */
  record PointView(String servicePoint, String since) {
    static PointView of(Map.Entry<String, Instant> point) {
      return new PointView(point.getKey(), point.getValue().toString());
    }
  }

  /** A service point, and since when it is the account's. */
  record NewPoint(@Nullable String servicePoint, @Nullable String since) {}

  @GetMapping
  ReadingApi.Items<PointView> list(@PathVariable String name) {
    return view(consumer(name));
  }

  @PutMapping
  ReadingApi.Items<PointView> link(@PathVariable String name, @RequestBody NewPoint wanted) {
    User user = consumer(name);
    String point = Requests.needed("servicePoint", wanted.servicePoint());
    Instant since = Requests.instant("since", Requests.needed("since", wanted.since()));
    if (!points.link(user.name(), point, since, Audit.actor())) {
      throw FaultException.notFound("user", "there is no such user");
    }
    return view(user);
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void unlink(@PathVariable String name, @RequestParam String servicePoint) {
    if (!points.unlink(consumer(name).name(), servicePoint, Audit.actor())) {
      throw FaultException.notFound("servicePoint", "it is none of this account's");
    }
  }

  private ReadingApi.Items<PointView> view(User user) {
    List<PointView> items = points.of(user.name()).entrySet().stream().map(PointView::of).toList();
    return new ReadingApi.Items<>(items);
  }

  /** Only consumers have service points: who sees all meters needs none. */
  private User consumer(String name) {
    return accounts
        .find(name)
        .filter(user -> accounts.permissions(user).contains(Permission.VIEW_OWN))
        .orElseThrow(() -> FaultException.notFound("user", "there is no such consumer"));
  }
}
