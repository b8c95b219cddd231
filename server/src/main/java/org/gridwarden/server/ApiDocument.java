package org.gridwarden.server;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.StandardRole;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPatternParser;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The API's description (OpenAPI 3.1). Routes, parameters and bodies are read from the controllers,
 * who may call from {@link WebSecurity#RULES}, and the words from {@code api.yaml}.
 */
@Configuration(proxyBeanMethods = false)
class ApiDocument {
  private static final String PROBLEM = "#/components/schemas/Problem";
  private static final String WORDS = "api.yaml";

  private static final Map<String, String> REFUSALS =
      Map.of(
          "400", "Something in it is wrong: where says what, remedy how it is meant.",
          "401", "Nobody is logged in.",
          "403", "The roles do not allow it, or the CSRF token is missing.",
          "404", "There is no such thing.",
          "409", "It does not fit what is there.",
          "413",
              "The body is larger than this route takes: send fewer items at a time, or raise console.maxImport for a file.",
          "429", "Too many failed log-ins; Retry-After says when to come again.",
          "503", "It is busy; try again later.",
          "504", "The meter did not answer in time.");

  @Bean
  OpenApiCustomizer gridwarden() {
    return ApiDocument::complete;
  }

  private static void complete(OpenAPI document) {
    Words words = Words.read();
    document
        .info(
            new Info()
                .title("Gridwarden")
                .version("v1")
                .description(words.about())
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .servers(List.of(new Server().url("/")));
    document
        .getComponents()
        .addSecuritySchemes(
            "session",
            new SecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(SecurityScheme.In.COOKIE)
                .name("__Host-gridwarden")
                .description("The cookie of POST /api/v1/session."))
        .addSecuritySchemes(
            "token",
            new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("The command line's, on the server's own machine."));
    ModelConverters.getInstance(true)
        .readAll(new AnnotatedType(Problem.class))
        .forEach(document.getComponents()::addSchemas);
    document.getPaths().addPathItem("/api/v1/live", new PathItem().get(live()));
    Paths sorted = new Paths();
    new TreeMap<>(document.getPaths()).forEach(sorted::addPathItem);
    document.paths(sorted);
    document
        .getPaths()
        .forEach((path, item) ->
            item.readOperationsMap()
                .forEach((method, operation) -> complete(method.name(), path, operation, words)));
  }

  /** The live stream is no controller's, so it is described here. */
  private static Operation live() {
    return new Operation()
        .addTagsItem("live")
        .addParametersItem(
            new QueryParameter().name("meter").required(false).schema(new StringSchema()))
        .responses(
            new ApiResponses()
                .addApiResponse(
                    "101",
                    new ApiResponse()
                        .description(
                            "WebSocket frames {\"events\":[…],\"dropped\":n}, at most five a"
                                + " second.")));
  }

  private static void complete(String method, String path, Operation operation, Words words) {
    List<Permission> permissions = rule(method, path).permissions();
    operation.setTags(List.of(tag(path)));
    operation.setOperationId(id(method, path));
    operation.setSummary(words.operation(method + " " + path));
    operation.setDescription(
        permissions.isEmpty()
            ? "For anybody."
            : who(permissions) + (rule(method, path).people() ? "; people only, no token." : "."));
    List<Parameter> parameters =
        operation.getParameters() == null ? List.of() : operation.getParameters();
    for (Parameter parameter : parameters) {
      parameter.setDescription(words.parameter(parameter.getName()));
    }
    boolean session = path.equals("/api/v1/session");
    if (!session || !method.equals("POST")) {
      operation.setSecurity(
          List.of(
              new SecurityRequirement().addList("session"),
              new SecurityRequirement().addList("token")));
    }
    refusal(operation, "401");
    if (!session || !method.equals("GET")) {
      refusal(operation, "403");
    }
    if (operation.getRequestBody() != null || !parameters.isEmpty()) {
      refusal(operation, "400");
    }
    if (operation.getRequestBody() != null) {
      refusal(operation, "413");
    }
    if (path.contains("{")) {
      refusal(operation, "404");
    }
    for (String status : words.refusals(method + " " + path)) {
      refusal(operation, status);
    }
    operation
        .getResponses()
        .forEach((status, answer) -> {
          if (answer.getDescription() == null || answer.getDescription().equals("OK")) {
            answer.setDescription("Done.");
          }
        });
  }

  /** The permissions that open it, and which of the standard's roles have one. */
  private static String who(List<Permission> permissions) {
    if (permissions.size() == Permission.values().length) {
      return "For: whoever is logged in";
    }
    return "For: "
        + Arrays.stream(StandardRole.values())
            .filter(role -> role.permissions().stream().anyMatch(permissions::contains))
            .map(role -> role.name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .collect(Collectors.joining(", "))
        + ", by the permission "
        + permissions.stream().map(Enum::name).collect(Collectors.joining(" or "));
  }

  private static void refusal(Operation operation, String status) {
    operation
        .getResponses()
        .addApiResponse(
            status,
            new ApiResponse()
                .description(REFUSALS.get(status))
                .content(
                    new Content()
                        .addMediaType(
                            Problem.MEDIA_TYPE,
                            new MediaType().schema(new Schema<>().$ref(PROBLEM)))));
  }

  private static WebSecurity.Rule rule(String method, String path) {
    PathContainer asked = PathContainer.parsePath(path.replaceAll("[{}]", ""));
    return WebSecurity.RULES.stream()
        .filter(rule ->
            rule.method().equals(method)
                && PathPatternParser.defaultInstance.parse(rule.path()).matches(asked))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(method + " " + path + " has no rule"));
  }

  /** Such as get-meters-id-readings: it stays while methods of controllers are renamed. */
  private static String id(String method, String path) {
    return method.toLowerCase(Locale.ROOT)
        + path.substring("/api/v1".length()).replaceAll("[/{}]+", "-").replaceAll("-$", "");
  }

  /** The first word after the version: meters, events, users. */
  private static String tag(String path) {
    return path.split("/", 5)[3];
  }

  /**
   * The words of {@code api.yaml}.
   *
   * @param about of the whole
   * @param parameters by name: a name means the same everywhere
   * @param operations by method and path
   * @param refusals further statuses, by method and path
   */
  private record Words(
      String about,
      Map<String, String> parameters,
      Map<String, String> operations,
      Map<String, List<Object>> refusals) {
    @SuppressWarnings("unchecked")
    static Words read() {
      try (InputStream in = ApiDocument.class.getResourceAsStream(WORDS)) {
        Map<String, Object> all = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        return new Words(
            (String) all.getOrDefault("about", ""),
            (Map<String, String>) all.getOrDefault("parameters", Map.of()),
            (Map<String, String>) all.getOrDefault("operations", Map.of()),
            (Map<String, List<Object>>) all.getOrDefault("refusals", Map.of()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String operation(String route) {
      return operations.getOrDefault(route, "");
    }

    String parameter(String name) {
      return parameters.getOrDefault(name, "");
    }

    List<String> refusals(String route) {
      return refusals.getOrDefault(route, List.of()).stream().map(String::valueOf).toList();
    }
  }
}
