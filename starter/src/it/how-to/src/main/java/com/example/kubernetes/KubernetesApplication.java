package com.example.kubernetes;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class KubernetesApplication {

}
