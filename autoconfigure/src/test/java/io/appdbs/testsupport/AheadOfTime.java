package io.appdbs.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.SpringProperties;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes an application ahead of time, as a build does, and runs the result. A test
 * needs
 * {@link org.springframework.core.test.tools.CompileWithForkedClassLoader @CompileWithForkedClassLoader}.
 *
 * @param yaml the configuration
 * @param application the configuration class
 */
public record AheadOfTime(String yaml, Class<?> application) {

	/**
	 * Processes the application, which must not open databases or start servers.
	 * @return the generated code
	 */
	public Generated process() {
		TestGenerationContext generation = new TestGenerationContext();
		List<Long> servers = servers();
		System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
		try (GenericApplicationContext source = create(getClass().getClassLoader())) {
			new AnnotatedBeanDefinitionReader(source).register(this.application);
			// one class loader can load the generated classes of several applications
			ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(source,
					generation.withName(this.application.getSimpleName()));
			generation.writeGeneratedContent();
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("appdbs"));
			assertThat(servers()).isEqualTo(servers);
			return new Generated(this, generation, initializer);
		}
		finally {
			System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
		}
	}

	private static List<Long> servers() {
		return ProcessHandle.current().children().map(ProcessHandle::pid).sorted().toList();
	}

	private GenericApplicationContext create(ClassLoader classLoader) {
		GenericApplicationContext context = new GenericApplicationContext();
		context.setClassLoader(classLoader);
		context.setEnvironment(EnvironmentBuilder.yaml(this.yaml).build());
		return context;
	}

	/**
	 * Generated code.
	 *
	 * @param source the application
	 * @param context what was generated
	 * @param initializer the name of the class that defines the beans
	 */
	public record Generated(AheadOfTime source, TestGenerationContext context, ClassName initializer) {

		/**
		 * Returns the content of the generated files whose names contain a text.
		 */
		public String getContent(Kind kind, String name) {
			return this.context.getGeneratedFiles()
				.getGeneratedFiles(kind)
				.keySet()
				.stream()
				.filter((path) -> path.contains(name))
				.map((path) -> getFile(kind, path))
				.collect(Collectors.joining());
		}

		private String getFile(Kind kind, String path) {
			try {
				return this.context.getGeneratedFiles().getGeneratedFileContent(kind, path);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/**
		 * Runs the application from the generated code.
		 */
		public void run(Consumer<GenericApplicationContext> test) {
			run(getClass().getClassLoader(), test);
		}

		/**
		 * Runs the application from the generated code.
		 */
		@SuppressWarnings("unchecked")
		public void run(ClassLoader classLoader, Consumer<GenericApplicationContext> test) {
			TestCompiler.forSystem().with(this.context).compile((compiled) -> {
				SpringProperties.setProperty("spring.aot.enabled", "true");
				try (GenericApplicationContext context = this.source.create(classLoader)) {
					compiled.getInstance(ApplicationContextInitializer.class, this.initializer.toString())
						.initialize(context);
					context.refresh();
					test.accept(context);
				}
				finally {
					SpringProperties.setProperty("spring.aot.enabled", null);
				}
			});
		}

	}

}
