export { Workstation as ReconWorkstation } from "@/features/workstation/Workstation";
