package org.gridwarden.server;

import java.util.List;
import org.gridwarden.security.access.Role;
import org.gridwarden.store.OidcRoles;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Which words of the identity provider give which role; a security administrator's. */
@RestController
@RequestMapping("/api/v1/oidc-roles")
class OidcApi {
  private final OidcRoles rules;
  private final Roles roles;

  OidcApi(Office office, Roles roles) {
    this.rules = office.store().oidcRoles();
    this.roles = roles;
  }

  /** What one value of a claim gives. */
  record RuleView(@Nullable String claim, @Nullable String value, @Nullable String role) {}

  @GetMapping
  ReadingApi.Items<RuleView> list() {
    return new ReadingApi.Items<>(
        rules.all().stream().map(r -> new RuleView(r.claim(), r.value(), r.role())).toList());
  }

  @PutMapping
  ReadingApi.Items<RuleView> add(@RequestBody RuleView rule) {
    String role = roles.named(List.of(Requests.needed("role", rule.role()))).iterator().next();
    rules.add(
        new OidcRoles.Rule(
            Requests.needed("claim", rule.claim()), Requests.needed("value", rule.value()), role),
        Audit.actor());
    return list();
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@RequestParam String claim, @RequestParam String value, @RequestParam String role) {
    if (!rules.remove(new OidcRoles.Rule(claim, value, Role.named(role)), Audit.actor())) {
      throw FaultException.notFound("rule", "there is no such rule");
    }
  }
}
