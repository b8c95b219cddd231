package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionIT {
  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = GridwardenServer.start(TestConfig.in(folder));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void nobodyIsLoggedInAtFirst() {
    HttpResponse<String> answer = new Api(server).get("/api/v1/session");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(Api.json(answer).get("code").asString()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void theFirstPasswordOpensOnlyTheSession() {
    Api api = new Api(server);
    String password = server.adminPassword().orElseThrow();
    HttpResponse<String> answer = api.logIn("admin", password);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Api.json(answer).get("mustChangePassword").asBoolean()).isTrue();
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .contains("__Host-gridwarden=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/");
    assertThat(api.get("/api/v1/meters").statusCode()).isEqualTo(403);
    assertThat(api.get("/api/v1/session").statusCode()).isEqualTo(200);
    assertThat(Files.exists(folder.resolve("data/first-admin-password"))).isTrue();
  }
}
