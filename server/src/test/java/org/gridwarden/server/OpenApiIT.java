package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.gridwarden.server.SharedServer.Who;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** S31: the description of the API holds every route, with words to each part of it. */
@ExtendWith(SharedServer.Lender.class)
class OpenApiIT {
  private static JsonNode document;

  @BeforeAll
  static void read(SharedServer shared) {
    HttpResponse<String> answer = shared.as(Who.VIEWER).get("/api/v1/openapi");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    document = Api.json(answer);
  }

  private record Operation(String name, JsonNode node) {}

  private static List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method ->
                    all.add(
                        new Operation(
                            method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                            method.getValue()))));
    return all;
  }

  @Test
  void everyRouteIsInIt() {
    Set<String> routes = RolesIT.routes();
    routes.remove("GET /api/docs"); // the page that shows it
    routes.add("GET /api/v1/live");
    assertThat(operations())
        .extracting(Operation::name)
        .containsExactlyInAnyOrderElementsOf(routes);
    assertThat(document.get("openapi").asString()).startsWith("3.1");
  }

  @Test
  void everyOperationAndParameterHasItsWords() {
    for (Operation operation : operations()) {
      JsonNode node = operation.node();
      assertThat(node.path("summary").asString("")).as(operation.name()).endsWith(".");
      assertThat(node.path("description").asString("")).as(operation.name()).startsWith("For");
      assertThat(node.path("tags")).as(operation.name()).hasSize(1);
      for (JsonNode parameter : node.path("parameters")) {
        assertThat(parameter.path("description").asString(""))
            .as(operation.name() + " " + parameter.get("name"))
            .isNotEmpty();
      }
    }
  }

  @Test
  void everyOperationSaysWhatItAnswersAndHowItRefuses() {
    for (Operation operation : operations()) {
      Set<String> statuses = new TreeSet<>();
      operation
          .node()
          .get("responses")
          .properties()
          .forEach(response -> {
            statuses.add(response.getKey());
            if (response.getKey().startsWith("4")) {
              assertThat(
                      response
                          .getValue()
                          .at("/content/application~1problem+json/schema/$ref")
                          .asString(""))
                  .as(operation.name() + " " + response.getKey())
                  .isEqualTo("#/components/schemas/Problem");
            }
          });
      assertThat(statuses).as(operation.name()).contains("401").anyMatch(s -> s.matches("[12].."));
    }
    assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
        .contains("title", "status", "detail", "code", "where", "remedy");
  }

  /** What {@link RolesIT} gets from a route is among what is described. */
  @Test
  void whatIsAnsweredIsDescribed() {
    RolesIT.table()
        .filter(route ->
            route.pattern().startsWith("/api/v1/") && !route.pattern().endsWith("/openapi"))
        .forEach(route ->
            assertThat(
                    document
                        .get("paths")
                        .get(route.pattern())
                        .get(route.method().toLowerCase(Locale.ROOT))
                        .get("responses")
                        .propertyNames())
                .as(route.toString())
                .contains(Integer.toString(route.status())));
  }

  @Test
  void readingsAreDescribedInEveryForm() {
    JsonNode content =
        document.at("/paths/~1api~1v1~1meters~1{id}~1readings/get/responses/200/content");
    assertThat(content.propertyNames())
        .containsExactlyInAnyOrder("application/json", "application/xml", "text/csv");
    assertThat(content.at("/application~1json/schema/$ref").asString(""))
        .isEqualTo("#/components/schemas/SlotsView");
    assertThat(document.at("/components/schemas/SlotsView/properties/slots").isMissingNode())
        .isFalse();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> lost = new ArrayList<>();
    for (String ref : document.findValuesAsString("$ref")) {
      if (document.at(ref.substring(1)).isMissingNode()) {
        lost.add(ref);
      }
    }
    assertThat(lost).isEmpty();
  }
}
