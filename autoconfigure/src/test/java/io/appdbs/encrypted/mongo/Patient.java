package io.appdbs.encrypted.mongo;

import java.util.List;
import java.util.Map;

import io.appdbs.encryption.Encrypted;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * Entity of MongoDB.
 */
@Document("patient")
public record Patient(@Id @Nullable String id, @Indexed(unique = true) String name,
		@Indexed @Nullable Encrypted diagnosis, List<Encrypted> notes, Map<String, Encrypted> results) {

}
