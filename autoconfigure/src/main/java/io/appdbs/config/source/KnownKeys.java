package io.appdbs.config.source;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.settings.FormerName;
import io.appdbs.settings.NearestName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.ResolvableType;

/**
 * The keys of a level of the configuration, which are the components of a record.
 *
 * @param types the type of each key, by the key in kebab case
 * @param entries the type of the elements of each list
 * @param formerNames the deprecated names of keys that have been renamed
 */
public record KnownKeys(Map<String, Class<?>> types, Map<String, Class<?>> entries, Map<String, String> formerNames) {

	public static KnownKeys of(Class<?> type) {
		Map<String, Class<?>> types = new LinkedHashMap<>();
		Map<String, Class<?>> entries = new LinkedHashMap<>();
		Map<String, String> formerNames = new LinkedHashMap<>();
		for (RecordComponent component : type.getRecordComponents()) {
			String key = DataObjectPropertyName.toDashedForm(component.getName());
			types.put(key, component.getType());
			if (component.getType() == List.class) {
				entries.put(key, ResolvableType.forType(component.getGenericType()).getGeneric().resolve(Object.class));
			}
			if (component.isAnnotationPresent(FormerName.class)) {
				formerNames.put(key, component.getAnnotation(FormerName.class).value());
			}
		}
		return new KnownKeys(types, entries, formerNames);
	}

	public KnownKeys without(Set<String> keys) {
		Map<String, Class<?>> types = new LinkedHashMap<>(this.types);
		types.keySet().removeAll(keys);
		return new KnownKeys(types, this.entries, this.formerNames);
	}

	/**
	 * Finds the key that an element of a property name stands for, by the relaxed rules
	 * of Spring Boot. The element may be a deprecated name.
	 * @param element the element in any form
	 * @return the key in kebab case or {@code null} if there is none
	 */
	public @Nullable String find(String element) {
		String uniform = NearestName.uniform(element);
		return this.types.keySet()
			.stream()
			.filter((key) -> NearestName.uniform(key).equals(uniform)
					|| NearestName.uniform(this.formerNames.getOrDefault(key, key)).equals(uniform))
			.findFirst()
			.orElse(null);
	}

	public Class<?> type(String key) {
		Class<?> type = this.types.get(key);
		if (type == null) {
			throw new IllegalArgumentException("No key '" + key + "'");
		}
		return type;
	}

	/**
	 * Returns the type of the entries of a list that are groups of keys.
	 * @param key the key in kebab case
	 * @return the type or {@code null} if the key is no such list
	 */
	public @Nullable Class<?> groupType(String key) {
		Class<?> type = this.entries.get(key);
		return (type != null && type.isRecord()) ? type : null;
	}

	public List<String> names() {
		return List.copyOf(this.types.keySet());
	}

	/**
	 * Returns the advice for a name that is not known.
	 * @param name the name as written
	 * @return the advice
	 */
	public String suggest(String name) {
		String former = (NearestName.find(name, names()) == null) ? NearestName.find(name, this.formerNames.values())
				: null;
		String key = (former != null) ? find(former) : null;
		return suggest((key != null) ? key : name, "keys", names());
	}

	/**
	 * Returns the advice for a name that is not known.
	 * @param name the name as written
	 * @param kind the kind of names, in the plural
	 * @param known the possible names
	 * @return the most similar name, if there is one, and all names
	 */
	public static String suggest(String name, String kind, Collection<String> known) {
		String nearest = NearestName.find(name, known);
		return ((nearest != null) ? "Did you mean '%s'? ".formatted(nearest) : "")
				+ "Known %s: %s.".formatted(kind, known.isEmpty() ? "none" : String.join(", ", known));
	}

}
