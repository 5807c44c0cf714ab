package io.appdbs.testsupport;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Classes that are compiled for a test, in a folder that can be scanned.
 */
public final class CompiledClasses {

	private static final Pattern NAME = Pattern.compile("package ([\\w.]+);.*?(?:class|interface) (\\w+)",
			Pattern.DOTALL);

	private CompiledClasses() {
	}

	/**
	 * Compiles classes.
	 * @param folder a temporary folder
	 * @param sources the sources, each with a package and one class
	 * @return the class loader of the classes
	 */
	public static URLClassLoader compile(Path folder, List<String> sources) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-d", folder.toString(), "-proc:none", "-parameters",
				"-classpath", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
		for (String source : sources) {
			Matcher name = NAME.matcher(source);
			assertThat(name.find()).isTrue();
			Path file = folder.resolve(name.group(1).replace('.', '/')).resolve(name.group(2) + ".java");
			Files.createDirectories(file.getParent());
			Files.writeString(file, source);
			arguments.add(file.toString());
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
		return new URLClassLoader(new URL[] { folder.toUri().toURL() }, CompiledClasses.class.getClassLoader());
	}

}
