{{- define "docket.name" -}}
{{- printf "%s-%s" .Release.Name "docket" | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "docket.labels" -}}
app.kubernetes.io/name: docket
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "docket.image" -}}
{{ printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}

{{/* The three services: the name that people know, the values, the module, the port, what it needs. */}}
{{- define "docket.services" -}}
- {name: ticket-api, values: ticketApi, module: ticket_api, port: 8080, volume: files, mount: /var/lib/docket/files, egress: [database, https]}
- {name: sla-clock, values: slaClock, module: sla_clock, port: 8081, volume: checkpoints, mount: /var/lib/docket/checkpoints, egress: [database, broker]}
- {name: notifier, values: notifier, module: notifier, port: 8082, egress: [database, broker, mail]}
{{- end }}

{{- define "docket.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "docket.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "docket.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Whether the service (.service) of this release (.root) has the volume that it names. */}}
{{- define "docket.hasVolume" -}}
{{- if and .service.volume (not (and (eq .service.volume "files") .root.Values.files.url)) }}yes{{ end }}
{{- end }}
