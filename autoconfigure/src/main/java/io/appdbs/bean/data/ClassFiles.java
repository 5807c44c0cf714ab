package io.appdbs.bean.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.classreading.SimpleMetadataReaderFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds annotated classes below packages, including {@code package-info} classes. Reading
 * the metadata of a class takes many times longer than a search for the name of the
 * annotation in its bytes, so only the classes with the name are read.
 *
 * @param resourceLoader loads the class files
 */
public record ClassFiles(ResourceLoader resourceLoader) {

	/**
	 * Finds the classes with one of several annotations.
	 * @param packages the packages, sub-packages are included
	 * @param annotations the names of the annotation types
	 * @return the classes, in the order of the packages, without duplicates
	 */
	public List<AnnotationMetadata> findAnnotated(Collection<String> packages, String... annotations) {
		List<byte[]> descriptors = Stream.of(annotations)
			.map((type) -> "L%s;".formatted(ClassUtils.convertClassNameToResourcePath(type)))
			.map((descriptor) -> descriptor.getBytes(StandardCharsets.UTF_8))
			.toList();
		MetadataReaderFactory factory = new SimpleMetadataReaderFactory(this.resourceLoader);
		Map<String, AnnotationMetadata> found = new LinkedHashMap<>();
		try {
			for (Resource resource : getClassFiles(packages)) {
				if (contains(resource, descriptors)) {
					AnnotationMetadata metadata = factory.getMetadataReader(resource).getAnnotationMetadata();
					if (Stream.of(annotations).anyMatch(metadata::hasAnnotation)) {
						found.putIfAbsent(metadata.getClassName(), metadata);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to read the classes below " + packages, ex);
		}
		return List.copyOf(found.values());
	}

	/**
	 * Returns whether there is a class in a package or below it.
	 */
	boolean isPresent(String packageName) {
		try {
			return !getClassFiles(List.of(packageName)).isEmpty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Failed to find the classes of " + packageName, ex);
		}
	}

	private List<Resource> getClassFiles(Collection<String> packages) throws IOException {
		ResourcePatternResolver resolver = new PathMatchingResourcePatternResolver(this.resourceLoader);
		List<Resource> resources = new ArrayList<>();
		for (String packageName : packages) {
			resources.addAll(List.of(resolver.getResources(ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX
					+ ClassUtils.convertClassNameToResourcePath(packageName) + "/**/*.class")));
		}
		return resources;
	}

	private static boolean contains(Resource resource, List<byte[]> descriptors) throws IOException {
		try (InputStream stream = resource.getInputStream()) {
			byte[] bytes = stream.readAllBytes();
			return descriptors.stream().anyMatch((descriptor) -> contains(bytes, descriptor));
		}
	}

	private static boolean contains(byte[] bytes, byte[] text) {
		for (int i = 0; i <= bytes.length - text.length; i++) {
			int j = 0;
			while (j < text.length && bytes[i + j] == text[j]) {
				j++;
			}
			if (j == text.length) {
				return true;
			}
		}
		return false;
	}

}
