package org.gridwarden.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.StandardRole;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/**
 * One real server with somebody of every role, for all tests that can stand each other: a test
 * brings meters of its own. Ask for it with {@code @ExtendWith(SharedServer.Lender.class)} and a
 * parameter of {@code @BeforeAll}.
 */
final class SharedServer implements AutoCloseable {
  /** Who asks. */
  enum Who {
    NOBODY,
    VIEWER,
    OPERATOR,
    ENGINEER,
    INSTALLER,
    SECURITY_ADMINISTRATOR,
    AUDITOR,
    RBAC_ADMINISTRATOR,
    BILLING_CLERK,
    CUSTOMER_SERVICE,
    CONSUMER,
    ANALYST,
    /** With the token of this machine; what an operator may. */
    COMMAND_LINE;

    /** The role of a person. */
    StandardRole role() {
      return this == AUDITOR ? StandardRole.SECURITY_AUDITOR : StandardRole.valueOf(name());
    }

    /** Whether a person logs in for it. */
    boolean person() {
      return this != NOBODY && this != COMMAND_LINE;
    }

    /** What it may. */
    Set<Permission> permissions() {
      return switch (this) {
        case NOBODY -> Set.of();
        case COMMAND_LINE -> StandardRole.OPERATOR.permissions();
        default -> role().permissions();
      };
    }
  }

  /** Lends the one of this test run, which ends with the run. */
  static final class Lender implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
      return parameter.getParameter().getType() == SharedServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
      return extension
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(SharedServer.class, key -> new SharedServer(), SharedServer.class);
    }
  }

  private static final String ADMIN_PASSWORD = "heron saddle copper 17";

  private final Path folder;
  private final RunningServer server;
  private final Map<Who, Api> clients = new EnumMap<>(Who.class);

  private SharedServer() {
    try {
      folder = Files.createTempDirectory("gridwarden-it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = GridwardenServer.start(TestConfig.in(folder));
    Api admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    ok(admin.logIn("admin", first));
    ok(admin.changePassword(first, ADMIN_PASSWORD));
    for (Who who : Who.values()) {
      if (!who.person()) {
        continue;
      }
      ok(
          admin.post(
              "/api/v1/users",
              Api.JSON.writeValueAsString(
                  Map.of(
                      "user", name(who),
                      "roles", List.of(who.role().name()),
                      "password", "first " + password(who)))));
      Api person = new Api(server);
      ok(person.logIn(name(who), "first " + password(who)));
      ok(person.changePassword("first " + password(who), password(who)));
      clients.put(who, person);
    }
    clients.put(Who.NOBODY, new Api(server));
    try {
      String token = Files.readString(server.data().resolve("cli-token")).strip();
      clients.put(Who.COMMAND_LINE, new Api(server).withToken(token));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RunningServer server() {
    return server;
  }

  /** A client in whose name somebody is logged in already. */
  Api as(Who who) {
    return java.util.Objects.requireNonNull(clients.get(who));
  }

  /** The same person in a session of its own. */
  Api anew(Who who) {
    if (who == Who.NOBODY) {
      return new Api(server);
    }
    if (who == Who.COMMAND_LINE) {
      return as(who);
    }
    Api api = new Api(server);
    ok(api.logIn(name(who), password(who)));
    return api;
  }

  static String name(Who who) {
    return "the-" + who.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  static String password(Who who) {
    return "walnut ferry " + who.ordinal() + " meadow 63";
  }

  private static void ok(java.net.http.HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    FileSystemUtils.deleteRecursively(folder);
  }
}
