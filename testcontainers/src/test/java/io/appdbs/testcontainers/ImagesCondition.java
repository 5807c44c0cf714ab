package io.appdbs.testcontainers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/**
 * Enables tests if a Docker engine runs that has the images or can pull them.
 */
class ImagesCondition implements ExecutionCondition {

	private static final Map<Image, Optional<String>> problems = new ConcurrentHashMap<>();

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		Class<?> type = context.getRequiredTestClass();
		return AnnotationSupport.findAnnotation(type, RequiresImages.class)
			.map((required) -> evaluate(context, required))
			.orElseGet(() -> ConditionEvaluationResult.enabled("No image is required"));
	}

	private static ConditionEvaluationResult evaluate(ExtensionContext context, RequiresImages required) {
		Optional<String> problem = Stream.of(required.value())
			.map((image) -> problems.computeIfAbsent(image, ImagesCondition::findProblem))
			.flatMap(Optional::stream)
			.findFirst();
		if (problem.isEmpty() && required.compose() && findCompose().isEmpty()) {
			problem = Optional.of("Docker Compose 2 is not installed");
		}
		if (problem.isEmpty()) {
			return ConditionEvaluationResult.enabled("All images are available");
		}
		if (context.getTestMethod().isEmpty()) {
			System.out.println("SKIPPED " + context.getRequiredTestClass().getName() + ": " + problem.get());
		}
		return ConditionEvaluationResult.disabled(problem.get());
	}

	/**
	 * Returns the command of Docker Compose 2.
	 */
	static Optional<List<String>> findCompose() {
		return Stream.of(List.of("docker", "compose"), List.of("docker-compose"))
			.filter(ImagesCondition::runs)
			.findFirst();
	}

	/**
	 * Docker Compose 1 does not support this format.
	 */
	private static boolean runs(List<String> command) {
		List<String> arguments = new ArrayList<>(command);
		arguments.addAll(List.of("version", "--format", "json"));
		try {
			Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).startsWith("{")
					&& process.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static Optional<String> findProblem(Image image) {
		if (!DockerClientFactory.instance().isDockerAvailable()) {
			return Optional.of("no Docker engine is available");
		}
		DockerImageName name = image.get();
		DockerClient client = DockerClientFactory.instance().client();
		try {
			client.inspectImageCmd(name.asCanonicalNameString()).exec();
			return Optional.empty();
		}
		catch (NotFoundException ex) {
			return pull(client, name);
		}
	}

	private static Optional<String> pull(DockerClient client, DockerImageName name) {
		String problem = "the image '" + name.asCanonicalNameString() + "' is not available and cannot be pulled";
		try (PullImageResultCallback pull = client.pullImageCmd(name.asCanonicalNameString())
			.exec(new PullImageResultCallback())) {
			return pull.awaitCompletion(10, TimeUnit.MINUTES) ? Optional.empty() : Optional.of(problem + " in time");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.of(problem + ": interrupted");
		}
		catch (Exception ex) {
			return Optional.of(problem + ": " + String.valueOf(ex.getMessage()).lines().findFirst().orElse("").trim());
		}
	}

}
